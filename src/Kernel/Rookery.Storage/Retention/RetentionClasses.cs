// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>The defined classes, sorted by id. Safe for any thread: whoever asks gets a snapshot.</summary>
internal sealed class RetentionClasses(IReadOnlyList<RetentionClass> known)
{
    /// <summary>
    /// Most classes in use on one disk at a time: each has a chunk open, and of the superblock's 40 places for open chunks a crash may leave a few behind.
    /// </summary>
    public const int Maximum = 24;

    private readonly Lock _gate = new();
    private IReadOnlyList<RetentionClass> _classes = known;

    public IReadOnlyList<RetentionClass> All
    {
        get
        {
            lock (_gate)
            {
                return _classes;
            }
        }
    }

    /// <param name="retentionClass">The class.</param>
    /// <param name="hasFootage">Classes without footage and without a name make room for a new one when the table is full.</param>
    /// <returns><c>false</c> when it was defined just so already.</returns>
    /// <exception cref="StoreException">There are <see cref="Maximum"/> others with footage.</exception>
    public bool Define(RetentionClass retentionClass, Func<RetentionClassId, bool> hasFootage)
    {
        lock (_gate)
        {
            if (_classes.Contains(retentionClass))
            {
                return false;
            }

            List<RetentionClass> next = [.. _classes.Where(c => c.Id != retentionClass.Id), retentionClass];
            if (next.Count > Maximum)
            {
                // What a person defined and named may be waiting for its first camera.
                next.RemoveAll(c => c.Id != retentionClass.Id && c.Name.Length == 0 && !hasFootage(c.Id));
            }

            if (next.Count > Maximum)
            {
                throw new StoreException($"A disk holds footage of at most {Maximum} different retention times.");
            }

            next.Sort(static (a, b) => a.Id.Value.CompareTo(b.Id.Value));
            _classes = next;
            return true;
        }
    }

    /// <summary>Forgets a class.</summary>
    /// <returns><c>false</c> when it was not known.</returns>
    public bool Remove(RetentionClassId id)
    {
        lock (_gate)
        {
            List<RetentionClass> next = [.. _classes.Where(c => c.Id != id)];
            bool isThere = next.Count < _classes.Count;
            _classes = next;
            return isThere;
        }
    }

    /// <summary>Takes back a change that could not be made durable.</summary>
    public void Restore(IReadOnlyList<RetentionClass> classes)
    {
        lock (_gate)
        {
            _classes = classes;
        }
    }
}
