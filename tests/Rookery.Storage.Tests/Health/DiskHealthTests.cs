// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: what disks say of themselves is read right, rarely asked, and told when it matters. Method: reports in the form of smartmontools 7, and a tree of files in place of /sys.</summary>
public sealed class DiskHealthTests : IDisposable
{
    private const string Ata = """
        {
          "json_format_version": [1, 0],
          "smartctl": { "version": [7, 3], "exit_status": 0 },
          "device": { "name": "/dev/sda", "type": "sat", "protocol": "ATA" },
          "model_name": "Example Surveillance 8T", "serial_number": "EX123456",
          "smart_status": { "passed": true },
          "ata_smart_attributes": { "revision": 16, "table": [
            { "id": 5, "name": "Reallocated_Sector_Ct", "value": 100, "worst": 100, "thresh": 10, "raw": { "value": 3, "string": "3" } },
            { "id": 194, "name": "Temperature_Celsius", "value": 62, "raw": { "value": 98784247846, "string": "38 (Min/Max 20/46)" } },
            { "id": 197, "name": "Current_Pending_Sector", "value": 100, "raw": { "value": 30064771080, "string": "8 (7 0)" } },
            { "id": 198, "name": "Offline_Uncorrectable", "value": 100, "raw": { "value": 0, "string": "0" } } ] },
          "power_on_time": { "hours": 26123 },
          "temperature": { "current": 38 }
        }
        """;

    private const string Nvme = """
        {
          "smartctl": { "exit_status": 8 },
          "model_name": "Example NVMe", "serial_number": "N1",
          "smart_status": { "passed": false, "nvme": { "value": 4 } },
          "nvme_composite_temperature_threshold": { "warning": 82, "critical": 85 },
          "nvme_smart_health_information_log": { "critical_warning": 4, "temperature": 84, "available_spare": 9, "percentage_used": 103, "media_errors": 2 },
          "temperature": { "current": 84 }, "power_on_time": { "hours": 812 }
        }
        """;

    private const string Asleep = """
        { "smartctl": { "messages": [ { "string": "Device is in STANDBY mode, exit(2)", "severity": "information" } ], "exit_status": 2 } }
        """;

    private static readonly WallTime At = StoreBench.Start;
    private readonly string _sys = Directory.CreateTempSubdirectory("rookery-sys-").FullName;
    private readonly SimulatedClock _clock = new();

    [Fact]
    public void A_report_of_an_ata_disk_is_read()
    {
        DiskHealth disk = SmartReport.Parse(Ata, "/dev/sda", At)!;
        (disk.Model, disk.Serial, disk.Passed, disk.TemperatureCelsius).ShouldBe(("Example Surveillance 8T", "EX123456", true, 38));
        (disk.PowerOnHours, disk.ReallocatedSectors, disk.PendingSectors, disk.UncorrectableErrors, disk.WearPercent).ShouldBe((26123, 3, 8, 0, null));
        disk.Warnings.ShouldHaveSingleItem().ShouldContain("8 sectors");
    }

    [Fact]
    public void A_report_of_an_nvme_disk_that_is_hot_worn_and_about_to_fail_is_read_and_told()
    {
        DiskHealth disk = SmartReport.Parse(Nvme, "/dev/nvme0n1", At)!;
        (disk.Passed, disk.TemperatureCelsius, disk.HottestCelsius, disk.WearPercent, disk.UncorrectableErrors).ShouldBe((false, 84, 82, 103, 2));
        disk.Warnings.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"model_name":7}""")]
    [InlineData("""{"smartctl":{"messages":[{"string":"Smartctl open device: /dev/sda failed: Permission denied"}],"exit_status":2}}""")]
    public void What_is_no_report_of_a_disk_says_nothing(string text) => SmartReport.Parse(text, "/dev/sda", At).ShouldBeNull();

    [Fact]
    public void Members_of_another_kind_than_expected_are_not_known()
    {
        DiskHealth disk = SmartReport.Parse("""
            {"model_name":"x","smart_status":7,"temperature":{"current":"hot"},"ata_smart_attributes":{"table":[5,{"id":"5"},{"id":5,"raw":{}}]},"power_on_time":[]}
            """, "/dev/sda", At)!;
        (disk.Passed, disk.TemperatureCelsius, disk.ReallocatedSectors, disk.PowerOnHours).ShouldBe((null, null, null, null));
        disk.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Without_smartctl_the_kernels_sensor_tells_the_temperature_of_a_disk_that_is_awake()
    {
        Write("block/sda/device/model", "Example 8T\n");
        Write("block/sda/stat", "1 0 8 0\n");
        Write("block/sda/device/hwmon/hwmon3/temp1_input", "57000\n");
        Write("block/sda/device/hwmon/hwmon3/temp1_max", "55000\n");
        var probe = new LinuxHealthProbe(_clock, _sys, _ => ["sda"], _ => null);
        DiskHealth disk = probe.Ask("/mnt/a/video.disk")!;
        (disk.Model, disk.TemperatureCelsius, disk.HottestCelsius, disk.Passed).ShouldBe(("Example 8T", 57, 55, null));
        disk.Warnings.ShouldHaveSingleItem().ShouldContain("57 °C");
        probe.Ask("/mnt/a/video.disk")!.TemperatureCelsius.ShouldBeNull("nothing was read or written since: it may sleep, and the sensor would wake it");
        Write("block/sda/stat", "2 0 16 0\n");
        probe.Ask("/mnt/a/video.disk")!.TemperatureCelsius.ShouldBe(57);
    }

    [Fact]
    public void A_disk_on_nothing_that_can_be_asked_says_nothing()
    {
        Write("block/sda/device/model", "Example\n");
        new LinuxHealthProbe(_clock, _sys, _ => [], _ => Ata).Ask("x").ShouldBeNull();
        new LinuxHealthProbe(_clock, _sys, _ => ["sda", "sdb"], _ => Ata).Ask("x").ShouldBeNull();
        new LinuxHealthProbe(_clock, _sys, _ => ["loop0"], _ => Ata).Ask("x").ShouldBeNull();
    }

    [Fact]
    public void A_disk_is_asked_every_ten_minutes_and_what_it_said_is_kept_while_it_sleeps()
    {
        Write("block/sda/device/model", "Example\n");
        string report = Ata;
        int asked = 0;
        var monitor = new DiskHealthMonitor(
            new LinuxHealthProbe(_clock, _sys, _ => ["sda"], _ =>
            {
                asked++;
                return report;
            }), _clock);
        monitor.AskDue(["a"]);
        monitor.AskDue(["a"]);
        asked.ShouldBe(1);
        monitor.Of("a")!.TemperatureCelsius.ShouldBe(38);

        report = Asleep;
        _clock.Advance(DiskHealthMonitor.Interval);
        monitor.AskDue(["a"]);
        asked.ShouldBe(2);
        DiskHealth sleeping = monitor.Of("a")!;
        (sleeping.Sleeps, sleeping.Model, sleeping.TemperatureCelsius).ShouldBe((true, "Example Surveillance 8T", null));

        monitor.AskDue([]);
        monitor.Of("a").ShouldBeNull();
    }

    [Fact]
    public void The_store_warns_of_what_a_disk_says()
    {
        using var bench = new StoreBench(zones: 8, new StoreOptions { Health = new Says(SmartReport.Parse(Nvme, "/dev/nvme0n1", At)!) });
        bench.Store.Status.Disks[0].Health!.WearPercent.ShouldBe(103);
        bench.Store.Status.Warnings.Count.ShouldBe(4);
        bench.Store.Status.Warnings[0].ShouldStartWith(bench.Disk.Name);
        bench.Store.Status.Fault.ShouldBeNull();
    }

    public void Dispose() => Directory.Delete(_sys, recursive: true);

    private void Write(string path, string text)
    {
        string file = Path.Combine(_sys, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private sealed class Says(DiskHealth health) : IDiskHealth
    {
        public DiskHealth? Of(string disk) => health;
    }
}
