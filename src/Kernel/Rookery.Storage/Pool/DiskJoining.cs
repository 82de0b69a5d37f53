// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// Takes a blank disk into the pool. Whatever reads from the disk or writes to it before it belongs to the pool happens beside the pool's thread: a new disk that hangs holds up whoever adds it, and nobody else.
/// Order of what becomes durable: mark and document on the disk, document on the others, superblock.
/// </summary>
/// <param name="state">The store.</param>
/// <param name="committer">The pool thread's part.</param>
/// <param name="onPoolsThread">Runs a step on the pool's thread and completes when it has run.</param>
internal sealed class DiskJoining(StoreState state, Committer committer, Func<Action, Task> onPoolsThread) : IDisposable
{
    /// <summary>One at a time: a disk's number is taken when the document names it.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <returns>Number of the disk.</returns>
    /// <exception cref="StoreException">See <see cref="IPoolControl.AddDiskAsync"/>.</exception>
    /// <exception cref="DeviceException">The disk takes no writes.</exception>
    public async Task<int> AddAsync(IBlockDevice device, bool isSpare)
    {
        await _turn.WaitAsync();
        try
        {
            SuperblockSet.Found found = await BesideAsync(() => SuperblockSet.Read(device));
            bool isBlank = found.Newest is null && (found.IsBeingFormatted || await BesideAsync(() => ForeignContent.Find(device)) is null);
            PoolMember member = null!;
            PoolDocument document = null!;
            await onPoolsThread(() => (member, document) = committer.PlanDisk(device, found, isBlank, isSpare));
            await BesideAsync(() =>
            {
                SuperblockSet.WriteMark(device);
                PoolDocumentSet.Write(device, document, state.Pool, member.Id);
                return true;
            });
            await onPoolsThread(() => committer.DeclareDisk(member));
            await FinishAsync(device, member, isSpare);
            return member.Number;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task FinishAsync(IBlockDevice device, PoolMember member, bool isSpare)
    {
        Superblock root;
        try
        {
            root = await BesideAsync(() => PoolFormat.Format(new PoolFormat.NewDisk(device, member), state.Pool, state.ZoneBytes, state.Numbers.OpenEpoch, state.Clock));
        }
        catch (DeviceException)
        {
            await onPoolsThread(() => committer.TakeBackDisk(member));
            throw;
        }

        await onPoolsThread(() => committer.JoinDisk(device, root, isSpare));
    }

    private Task<T> BesideAsync<T>(Func<T> work) => state.Options.IsManual ? Task.FromResult(work()) : Task.Run(work);
}
