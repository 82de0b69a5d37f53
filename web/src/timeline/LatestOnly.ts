// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Runs one job at a time and, of all that came meanwhile, only the newest: a hand that sweeps over the timeline asks for
 * a hundred pictures and can look at two of them. At most one job runs and one waits.
 */
export class LatestOnly<T> {
  private readonly run: (job: T) => Promise<void>;
  private busy = false;
  private waiting: { job: T } | undefined;

  constructor(run: (job: T) => Promise<void>) {
    this.run = run;
  }

  ask(job: T): void {
    if (this.busy) {
      this.waiting = { job };
      return;
    }
    this.busy = true;
    void this.run(job)
      .catch(() => undefined)
      .then(() => {
        this.busy = false;
        const next = this.waiting;
        this.waiting = undefined;
        if (next) this.ask(next.job);
      });
  }

  /** Forgets what waits; what runs ends by itself. */
  drop(): void {
    this.waiting = undefined;
  }
}
