// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm.Clips;

namespace Rookery.EndToEnd;

public sealed class ClipTests
{
    [Fact]
    public async Task A_clip_that_several_make_at_one_time_is_whole_for_each_of_them()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("rookery-e2e-same-clip-");
        try
        {
            var maker = new PictureMaker(folder.FullName);
            string[] paths = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => maker.MakeAsync(TestFarm.Small(), TestContext.Current.CancellationToken)));
            paths.ShouldAllBe(path => ClipLoader.Load(path, null).Tracks.Count == 2);
            folder.GetFiles().Length.ShouldBe(1);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
