using Directory.Projections.Replay;
using Directory.Tests.Scim;
using Shouldly;
using Xunit;

namespace Directory.Tests.Replay;

/// <summary>Membership through groups in groups over time, against a walk that asks for each moment alone.</summary>
public sealed class MembershipReachTests
{
    private const int Moments = 20;

    [Fact]
    public void at_each_moment_whoever_is_reached_is_who_a_walk_of_that_moment_finds()
    {
        var random = new Random(RandomAttributes.NewSeed());
        for (var round = 0; round < 200; round++)
        {
            var edges = Edges(random);
            var from = random.Next(Moments);
            var to = random.Next(from + 1, Moments + 2);
            foreach (var outward in new[] { true, false })
            {
                var root = Node(random.Next(8));
                var reached = MembershipReach.Of(root, edges, outward, new Period(At(from), At(to)));
                for (var moment = from; moment < to; moment++)
                    foreach (var (direct, expected) in new[] { (true, Walk(edges, root, moment, outward, 1)), (false, Walk(edges, root, moment, outward, 99)) })
                        reached.Where(r => r.Value.Any(s => (!direct || s.IsDirect) && Covers(s, moment))).Select(r => r.Key)
                            .ShouldBe(expected, ignoreOrder: true, $"round {round}, moment {moment}, outward {outward}, direct {direct}");
            }
        }
    }

    [Fact]
    public void an_indirect_stretch_is_begun_by_the_link_that_came_last_and_ended_by_the_one_that_went_first()
    {
        var (first, second) = (Edge(1, 0, 1, 9), Edge(2, 1, 3, 5));

        var span = MembershipReach.Of(Node(0), [first, second], outward: true, new Period(At(0), At(20)))[Node(2)].ShouldHaveSingleItem();

        (span.From, span.To, span.AddedBy, span.RemovedBy).ShouldBe((At(3), At(5), second.AddedBy, second.RemovedBy));
        span.Through.ShouldHaveSingleItem().ShouldBe([Node(1)]);
    }

    [Fact]
    public void ways_that_follow_or_overlap_each_other_are_one_stretch()
    {
        MembershipEdge[] edges = [Edge(1, 0, 0, 5), Edge(3, 1, 0, 20), Edge(2, 0, 5, 9), Edge(3, 2, 0, 20)];

        var span = MembershipReach.Of(Node(0), edges, outward: true, new Period(At(0), At(20)))[Node(3)].ShouldHaveSingleItem();

        (span.From, span.To, span.RemovedBy).ShouldBe((At(0), At(9), edges[2].RemovedBy));
        span.Through.Count.ShouldBe(2);
    }

    [Fact]
    public void many_ways_through_a_lattice_of_groups_cost_no_more_than_its_links()
    {
        // Two groups in each layer, each in both of the next: a million ways.
        var edges = Enumerable.Range(0, 20).SelectMany(layer => (MembershipEdge[])
        [
            Edge(2 * layer + 2, 2 * layer, 0, 9), Edge(2 * layer + 3, 2 * layer, 0, 9),
            Edge(2 * layer + 2, 2 * layer + 1, 0, 9), Edge(2 * layer + 3, 2 * layer + 1, 0, 9),
        ]);

        MembershipReach.Of(Node(0), edges, outward: true, new Period(At(0), At(9))).Count.ShouldBe(40);
    }

    private static List<MembershipEdge> Edges(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(1, 16)).Select(_ =>
        {
            var (outer, inner) = (random.Next(8), random.Next(8));
            var from = random.Next(Moments);
            return Edge(Math.Max(outer, inner), Math.Min(outer, inner), from, random.Next(3) == 0 ? null : random.Next(from, Moments + 1));
        }).Where(e => e.Outer != e.Inner),
    ];

    private static HashSet<Guid> Walk(List<MembershipEdge> edges, Guid root, int moment, bool outward, int depth)
    {
        var found = new HashSet<Guid>();
        var level = new List<Guid> { root };
        for (var i = 0; i < depth && level.Count > 0; i++)
            level = [.. edges.Where(e => e.From <= At(moment) && (e.To is null || e.To > At(moment)) && level.Contains(outward ? e.Inner : e.Outer))
                .Select(e => outward ? e.Outer : e.Inner).Where(found.Add)];
        return found;
    }

    private static bool Covers(MembershipSpan span, int moment) => span.From <= At(moment) && (span.To is null || span.To > At(moment));

    private static MembershipEdge Edge(int outer, int inner, int from, int? to) => new(
        Node(outer), Node(inner), At(from), to is { } end ? At(end) : null, Guid.NewGuid(), to is null ? null : Guid.NewGuid());

    private static Guid Node(int number) => Guid.Parse($"{number:x8}-0000-7000-8000-000000000000");

    private static DateTimeOffset At(int moment) => DateTimeOffset.UnixEpoch.AddSeconds(moment);
}
