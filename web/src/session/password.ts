// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/** The server's rule, said here as well so that nobody has to send a password to learn it. */
export const shortestPassword = 10;
export const longestPassword = 256;

export function passwordFault(password: string, again: string): 'length' | 'different' | undefined {
  if (password.length < shortestPassword || password.length > longestPassword) return 'length';
  return password === again ? undefined : 'different';
}
