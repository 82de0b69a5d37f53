// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Rookery.Foundation;
using Rookery.Media.Rtp;

namespace Rookery.Rtsp.Tests.Client;

/// <summary>
/// Plays one text file of tests/testdata/rtsp against a client session: what the client must ask, what the server answers, and what must come of it.
/// The language is described in tests/testdata/rtsp/README.md.
/// </summary>
internal sealed class ScriptedServer : IRtspClientSink, IRtspDatagrams
{
    private readonly string[] _lines;
    private readonly int _pieceBytes;
    private readonly RtspClientSession _session;
    private readonly Queue<RtspRequest> _requests = new();
    private readonly List<ushort> _packets = [];
    private readonly List<int> _packetTracks = [];
    private readonly List<string> _losses = [];
    private MonotonicTime _now = new(1_000_000_000);
    private string _cseq = "";
    private RtspClientEnd? _end;
    private IReadOnlyList<ClientTrack>? _tracks;
    private int _reports;
    private int _senderReports;

    /// <param name="path">The file.</param>
    /// <param name="pieceBytes">The server's bytes arrive in pieces of this size.</param>
    public ScriptedServer(string path, int pieceBytes)
    {
        _lines = File.ReadAllLines(path);
        _pieceBytes = pieceBytes;
        string url = Setting("url") ?? "rtsp://192.0.2.1/live";
        string[] credentials = (Setting("credentials") ?? "").Split(' ');
        RtspTransportPolicy policy = Enum.Parse<RtspTransportPolicy>(Setting("transport") ?? "Auto");
        RtspClientAuth auth = new(credentials.Length == 2 ? new RtspCredentials(credentials[0], credentials[1]) : null, () => "c0ffee");
        _session = new RtspClientSession(url, auth, RtspClientOptions.Default with { Transport = policy }, this, new RtspUdp(this, new BlockPool(1 << 20)), ssrc: 7);
    }

    public void Run()
    {
        _session.Start(_now);
        Collect();
        StringBuilder answer = new();
        for (int i = 0; i < _lines.Length; i++)
        {
            string line = _lines[i];
            string rest = line.Length > 2 ? line[2..] : "";
            string where = $"line {i + 1}: {line}";
            if (line.StartsWith('>'))
            {
                answer.Append(rest).Append("\r\n");
                if (i + 1 < _lines.Length && _lines[i + 1].StartsWith('>'))
                {
                    continue;
                }

                Deliver(Encoding.Latin1.GetBytes(Finish(answer.ToString())));
                answer.Clear();
            }
            else if (line.Length > 0)
            {
                Step(line[0], rest, where);
            }
        }
    }

    public void OnTracks(IReadOnlyList<ClientTrack> tracks)
    {
        _tracks.ShouldBeNull();
        _tracks = tracks;
    }

    public void OnPacket(int track, in RtpPacket packet, bool lossBefore, MonotonicTime now)
    {
        _end.ShouldBeNull();
        _tracks.ShouldNotBeNull();
        _packets.Add(packet.SequenceNumber);
        _packetTracks.Add(track);
        if (lossBefore)
        {
            _losses.Add(packet.SequenceNumber.ToString(CultureInfo.InvariantCulture));
        }
    }

    public void OnSenderReport(int track, in SenderInfo info, MonotonicTime now) => _senderReports++;

    public void OnEnded(RtspClientEnd end)
    {
        _end.ShouldBeNull();
        _end = end;
    }

    public bool TryOpen(int track, out NumberPair ports)
    {
        ports = new(40000 + (track * 2), 40001 + (track * 2));
        return true;
    }

    public void Connect(int track, NumberPair? serverPorts)
    {
    }

    public void Send(int track, bool isRtcp, ReadOnlySpan<byte> datagram) => _reports++;

    private string? Setting(string name) =>
        _lines.FirstOrDefault(line => line.StartsWith($"@ {name} ", StringComparison.Ordinal))?[(name.Length + 3)..];

    private void Step(char kind, string rest, string where)
    {
        string[] words = rest.Split(' ');
        switch (kind)
        {
            case '#' or '@':
                break;
            case '<':
                ExpectRequest(rest, where);
                break;
            case '$':
                Deliver(Frame(words));
                break;
            case '%':
                Deliver(Convert.FromHexString(rest.Replace(" ", "")));
                break;
            case '~':
                Datagram(words);
                break;
            case '+':
                Pass(TimeSpan.FromSeconds(double.Parse(rest, CultureInfo.InvariantCulture)));
                break;
            case '!':
                _session.PeerClosed(_now);
                break;
            case '=':
                Check(words[0], rest[words[0].Length..].Trim(), where);
                break;
            default:
                throw new InvalidDataException(where);
        }
    }

    /// <summary>"METHOD uri | text that must be in it | !text that must not".</summary>
    private void ExpectRequest(string rest, string where)
    {
        Collect();
        _requests.TryDequeue(out RtspRequest? request).ShouldBeTrue($"{where}: the client asks nothing. {_end}");
        string text = Encoding.Latin1.GetString(request!.ToBytes());
        foreach (string part in rest.Split(" | "))
        {
            if (part.StartsWith('!'))
            {
                text.ShouldNotContain(part[1..], Case.Sensitive, where);
            }
            else
            {
                text.ShouldContain(part, Case.Sensitive, where);
            }
        }

        _cseq = request.Headers["CSeq"]!;
    }

    private void Collect()
    {
        foreach (byte[] bytes in _session.TakeOutput())
        {
            RtspReader reader = new(bytes, RtspLimits.Default);
            switch (reader.Read())
            {
                case RtspElement.Interleaved:
                    _reports++;
                    break;
                case RtspElement.Message when reader.Message is RtspRequest request:
                    _requests.Enqueue(request);
                    break;
            }
        }
    }

    /// <summary>Puts in the sequence number of the request and the length of the body.</summary>
    private string Finish(string answer)
    {
        int body = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return answer.Replace("{cseq}", _cseq).Replace("{length}", (answer.Length - body).ToString(CultureInfo.InvariantCulture));
    }

    private void Deliver(byte[] bytes)
    {
        for (int at = 0; at < bytes.Length; at += _pieceBytes)
        {
            _session.Receive(bytes.AsSpan(at, Math.Min(_pieceBytes, bytes.Length - at)), _now);
        }
    }

    private void Datagram(string[] words) => _session.ReceiveDatagram(int.Parse(words[0], CultureInfo.InvariantCulture), isRtcp: false, Packet(words), _now);

    /// <summary>"channel sequence [ssrc]", or "channel sr".</summary>
    private static byte[] Frame(string[] words)
    {
        byte[] packet = Packet(words);
        byte[] frame = new byte[InterleavedFrame.HeaderBytes + packet.Length];
        InterleavedFrame.WriteHeader(frame, byte.Parse(words[0], CultureInfo.InvariantCulture), packet.Length);
        packet.CopyTo(frame, InterleavedFrame.HeaderBytes);
        return frame;
    }

    private static byte[] Packet(string[] words)
    {
        if (words[1] == "sr")
        {
            byte[] report = new byte[28];
            RtcpWriter writer = new(report);
            writer.SenderReport(1, new SenderInfo(1UL << 62, 90000, 1, 1));
            return report;
        }

        ushort sequence = ushort.Parse(words[1], CultureInfo.InvariantCulture);
        byte[] packet = new byte[RtpPacket.HeaderBytes + 40];
        RtpPacket.WriteHeader(packet, 96, marker: true, sequence, sequence * 3600u, words.Length > 2 ? uint.Parse(words[2], CultureInfo.InvariantCulture) : 1);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(RtpPacket.HeaderBytes), 0x2452_5454); // "$RTT": to be passed over, not found
        return packet;
    }

    private void Pass(TimeSpan time)
    {
        for (MonotonicTime until = _now + time; _now < until;)
        {
            _now = until - _now < TimeSpan.FromSeconds(0.1) ? until : _now + TimeSpan.FromSeconds(0.1);
            _session.Tick(_now);
        }

        Collect();
    }

    private void Check(string what, string rest, string where)
    {
        Collect();
        switch (what)
        {
            case "playing":
                _session.IsPlaying.ShouldBeTrue($"{where} {_end}");
                break;
            case "tracks":
                string.Join(' ', _tracks.ShouldNotBeNull(where).Select(track => $"{track.Codec}/{track.Payload.ClockRate}")).ShouldBe(rest, where);
                break;
            case "packets":
                string.Join(' ', _packets.Zip(_packetTracks, (sequence, track) => $"{track}:{sequence}")).ShouldBe(rest, where);
                break;
            case "losses":
                string.Join(' ', _losses).ShouldBe(rest, where);
                break;
            case "reports":
                _reports.ToString(CultureInfo.InvariantCulture).ShouldBe(rest, where);
                break;
            case "sender-reports":
                _senderReports.ToString(CultureInfo.InvariantCulture).ShouldBe(rest, where);
                break;
            case "note":
                _session.Notes.ShouldContain(note => note.Contains(rest), $"{where}: {string.Join(" / ", _session.Notes)}");
                break;
            case "end":
                $"{_end.ShouldNotBeNull(where).Reason} {_end!.Step}".ShouldBe(rest, where);
                break;
            case "continue":
                _end.ShouldNotBeNull(where).ContinueAt.ShouldBe(rest, where);
                break;
            case "silent":
                _requests.ShouldBeEmpty(where);
                break;
            default:
                throw new InvalidDataException(where);
        }
    }
}
