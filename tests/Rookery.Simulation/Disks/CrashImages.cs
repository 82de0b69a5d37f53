// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>The images that a crash can leave, made from the log of a run: every image of a small set, a choice from a large one.</summary>
/// <remarks>
/// Walk it forward: <see cref="MoveTo"/> a boundary, then ask for <see cref="Images"/>. The choice always holds the extremes: all of the cache lost, all kept,
/// each single sector lost or kept alone as far as the limit goes, every prefix of the writes; the rest is drawn from the seed.
/// </remarks>
public sealed class CrashImages
{
    private readonly IReadOnlyList<DiskEvent> _log;
    private readonly DiskImage _durable;
    private readonly int _sectorBytes;
    private readonly List<PageWrite> _cached = [];

    /// <param name="initial">What stood on the disk before the log began.</param>
    /// <param name="log">What happened.</param>
    /// <param name="sectorBytes">What is atomic: 512 or 4096.</param>
    public CrashImages(DiskImage initial, IReadOnlyList<DiskEvent> log, int sectorBytes)
    {
        if (sectorBytes is not (512 or 4096))
        {
            throw new ArgumentOutOfRangeException(nameof(sectorBytes), sectorBytes, "A sector has 512 or 4096 bytes.");
        }

        _durable = initial.Copy();
        _log = log;
        _sectorBytes = sectorBytes;
    }

    private CrashImages(CrashImages other)
    {
        _durable = other._durable.Copy();
        _log = other._log;
        _sectorBytes = other._sectorBytes;
        _cached = [.. other._cached];
        Boundary = other.Boundary;
    }

    /// <summary>How many events lie before the crash.</summary>
    public int Boundary { get; private set; }

    /// <summary>Goes on to a later boundary.</summary>
    public void MoveTo(int boundary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(boundary, Boundary);
        for (; Boundary < boundary; Boundary++)
        {
            switch (_log[Boundary])
            {
                case DiskEvent.Write write:
                    _cached.AddRange(write.Pages);
                    break;
                case DiskEvent.Flush:
                    _cached.ForEach(write => _durable[write.Page] = write.Bytes);
                    _cached.Clear();
                    break;
                case DiskEvent.Rot rot:
                    _durable.Flip(rot.OffsetBytes, rot.Bit);
                    break;
            }
        }
    }

    /// <summary>The same at a later boundary; this one stays where it is.</summary>
    public CrashImages At(int boundary)
    {
        if (boundary == Boundary)
        {
            return this;
        }

        CrashImages later = new(this);
        later.MoveTo(boundary);
        return later;
    }

    /// <summary>What stands on the disk when nothing of the cache is lost: after a process died on a machine that lives.</summary>
    public DiskImage Kept()
    {
        DiskImage image = _durable.Copy();
        _cached.ForEach(write => image[write.Page] = write.Bytes);
        return image;
    }

    /// <summary>Images that a crash here can leave: all of them if there are at most <paramref name="limit"/>, else that many.</summary>
    public IEnumerable<DiskImage> Images(int limit, Random random) => Choices(limit, random).Select(image => image());

    /// <summary>The same, each made when it is asked for; as long as this stays where it is.</summary>
    public IEnumerable<Func<DiskImage>> Choices(int limit, Random random)
    {
        IReadOnlyList<SectorChoice> sectors = Sectors();
        IEnumerable<Func<int, int>> choices = Combinations(sectors, limit) is { } all ? Enumerable.Range(0, all).Select(number => Mixed(sectors, number)) : Sample(sectors, limit, random);
        return choices.Select(choose => (Func<DiskImage>)(() => Build(sectors, choose)));
    }

    private static IEnumerable<Func<int, int>> Sample(IReadOnlyList<SectorChoice> sectors, int limit, Random random)
    {
        int count = sectors.Count;
        yield return _ => 0;
        yield return i => sectors[i].Latest;
        for (int left = limit - 2; left > 0; left--)
        {
            int pick = random.Next(count);
            int density = random.Next(1, 100);
            int salt = random.Next();
            yield return (left % 6) switch
            {
                0 => i => i == pick ? 0 : sectors[i].Latest,
                1 => i => i == pick ? sectors[i].Latest : 0,
                2 => i => i < pick ? sectors[i].Latest : 0,
                3 => i => i >= pick ? sectors[i].Latest : 0,
                4 => i => new Random(salt ^ (i * 7919)).Next(100) < density ? sectors[i].Latest : 0,
                _ => i => new Random(salt ^ (i * 7919)).Next(sectors[i].Contents.Count),
            };
        }
    }

    /// <summary>Number of images if it is at most <paramref name="limit"/>.</summary>
    private static int? Combinations(IReadOnlyList<SectorChoice> sectors, int limit)
    {
        long product = 1;
        foreach (SectorChoice sector in sectors)
        {
            product *= sector.Contents.Count;
            if (product > limit)
            {
                return null;
            }
        }

        return (int)product;
    }

    /// <summary>The choices of image <paramref name="number"/> when all are counted through.</summary>
    private static Func<int, int> Mixed(IReadOnlyList<SectorChoice> sectors, int number)
    {
        int[] chosen = new int[sectors.Count];
        for (int i = 0; i < chosen.Length; i++)
        {
            (number, chosen[i]) = Math.DivRem(number, sectors[i].Contents.Count);
        }

        return i => chosen[i];
    }

    private DiskImage Build(IReadOnlyList<SectorChoice> sectors, Func<int, int> choose)
    {
        DiskImage image = _durable.Copy();
        for (int i = 0; i < sectors.Count; i++)
        {
            SectorChoice sector = sectors[i];
            byte[] from = sector.Contents[choose(i)];
            if (_sectorBytes == DiskImage.PageBytes)
            {
                image[sector.Page] = from;
            }
            else
            {
                image.Overwrite(((long)sector.Page * DiskImage.PageBytes) + sector.Start, from.AsSpan(sector.Start, _sectorBytes));
            }
        }

        return image;
    }

    /// <summary>Every sector in the cache with the contents it may have, oldest first, equal ones counted once. In the order in which they were first written.</summary>
    private List<SectorChoice> Sectors()
    {
        List<SectorChoice> sectors = [];
        Dictionary<(int Page, int Start), SectorChoice> known = [];
        foreach (PageWrite write in _cached)
        {
            for (int start = 0; start < DiskImage.PageBytes; start += _sectorBytes)
            {
                if (!known.TryGetValue((write.Page, start), out SectorChoice? sector))
                {
                    sector = new SectorChoice(write.Page, start, [_durable[write.Page]]);
                    known.Add((write.Page, start), sector);
                    sectors.Add(sector);
                }

                int at = start;
                sector.Latest = sector.Contents.FindIndex(other => other.AsSpan(at, _sectorBytes).SequenceEqual(write.Bytes.AsSpan(at, _sectorBytes)));
                if (sector.Latest < 0)
                {
                    sector.Latest = sector.Contents.Count;
                    sector.Contents.Add(write.Bytes);
                }
            }
        }

        sectors.RemoveAll(sector => sector.Contents.Count == 1);
        return sectors;
    }

    private sealed class SectorChoice(int page, int start, List<byte[]> contents)
    {
        public int Page => page;
        public int Start => start;

        /// <summary>The old content, then each different one written since.</summary>
        public List<byte[]> Contents => contents;

        /// <summary>Which of them was written last.</summary>
        public int Latest { get; set; }
    }
}
