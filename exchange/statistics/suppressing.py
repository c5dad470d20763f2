"""Small-cell suppression: which numbers of a table are left out so that none of the small ones
can be computed from what is left.

Every number, totals included, stands in one row and one column, and each of these adds up to its
total. So numbers left out are edges between rows and columns, and one of them can be computed
exactly if its edge is a bridge: if it lies on no cycle of edges left out. (The null space of such
a system is the cycle space of the graph.) It knows numbers, not what they count.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Cells = Sequence[Sequence[int]]
Place = tuple[int, int]
"""Row and column; the last of each is the total."""
Vertex = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as a graph: each place an edge between its row and its column. A table of one
    attribute has one column, whose rows need not add up to anything: one vertex for all."""

    values: Mapping[Place, int]
    width: int
    height: int

    @classmethod
    def of(cls, cells: Cells) -> "Grid":
        values = {(r, c): value for r, row in enumerate(cells) for c, value in enumerate(row)}
        return cls(values, len(cells[0]), len(cells))

    def ends(self, place: Place) -> tuple[Vertex, Vertex]:
        row, column = place
        return ("row", row if self.width > 1 else 0), ("column", column)

    def lines(self) -> Iterator[tuple[list[Place], Place]]:
        """The places that add up to a total, and the total's place."""
        for column in range(self.width):
            whole = [(row, column) for row in range(self.height)]
            yield whole[:-1], whole[-1]
        if self.width > 1:
            for row in range(self.height):
                whole = [(row, column) for column in range(self.width)]
                yield whole[:-1], whole[-1]

    def cost(self, place: Place) -> int:
        """What leaving it out loses. A zero would tell by its absence that it is none: it goes
        last."""
        return self.values[place] + 1 if self.values[place] else sum(self.values.values()) + 1


def suppressed(cells: Cells, *, least: int) -> frozenset[Place]:
    """The places to leave out: numbers from 1 to below `least`, and what they could be computed
    from, exactly or as a sum that is itself below `least`."""
    grid = Grid.of(cells)
    hidden = {place for place, value in grid.values.items() if 0 < value < least}
    while True:
        bridge = _bridge(grid, hidden)
        if bridge is not None:
            hidden |= _cheapest_way(grid, hidden, around=bridge)
            continue
        more = _for_small_remainders(grid, hidden, least)
        if not more:
            return frozenset(hidden)
        hidden |= more


def _for_small_remainders(grid: Grid, hidden: set[Place], least: int) -> set[Place]:
    """One more number of the first line that tells how much its hidden numbers are together, if
    that is a small number itself."""
    for places, total in grid.lines():
        lost = [place for place in places if place in hidden]
        together = sum(grid.values[place] for place in lost)
        if not lost or total in hidden or together >= least:
            continue
        return {min((p for p in (*places, total) if p not in hidden), key=grid.cost)}
    return set()


def _bridge(grid: Grid, hidden: set[Place]) -> Place | None:
    """A hidden place that lies on no cycle; None where there is none."""
    edges = _edges(grid, hidden)
    seen: dict[Vertex, int] = {}
    for root in edges:
        if root not in seen:
            found = _bridge_below(root, edges, seen)
            if found is not None:
                return found
    return None


def _bridge_below(
    root: Vertex, edges: Mapping[Vertex, list[tuple[Vertex, Place]]], seen: dict[Vertex, int]
) -> Place | None:
    """Depth first, without recursion: `lowest` is the earliest vertex that can be reached from
    below a vertex by another edge than the one that led there."""
    seen[root] = len(seen)
    lowest = {root: seen[root]}
    way: list[tuple[Vertex, Place | None, Iterator[tuple[Vertex, Place]]]] = [
        (root, None, iter(edges[root]))
    ]
    while way:
        vertex, came_by, following = way[-1]
        for neighbour, place in following:
            if place == came_by:
                continue
            if neighbour in seen:
                lowest[vertex] = min(lowest[vertex], seen[neighbour])
                continue
            seen[neighbour] = lowest[neighbour] = len(seen)
            way.append((neighbour, place, iter(edges[neighbour])))
            break
        else:
            way.pop()
            if came_by is None:
                continue
            parent = way[-1][0]
            if lowest[vertex] > seen[parent]:
                return came_by
            lowest[parent] = min(lowest[parent], lowest[vertex])
    return None


def _cheapest_way(grid: Grid, hidden: set[Place], *, around: Place) -> set[Place]:
    """The places that close a cycle through a bridge and lose least; those hidden already lose
    nothing."""
    edges = _edges(grid, grid.values)
    start, goal = grid.ends(around)
    waiting: list[tuple[int, int, Vertex, tuple[Place, ...]]] = [(0, 0, start, ())]
    done: set[Vertex] = set()
    count = 0
    while waiting:
        cost, _, vertex, way = heapq.heappop(waiting)
        if vertex == goal:
            return set(way)
        if vertex in done:
            continue
        done.add(vertex)
        for neighbour, place in edges[vertex]:
            if place != around and neighbour not in done:
                count += 1
                further = cost + (0 if place in hidden else grid.cost(place))
                heapq.heappush(waiting, (further, count, neighbour, (*way, place)))
    return set(grid.values)  # a table of one number and its total: nothing of it can be told


def _edges(
    grid: Grid, places: "set[Place] | Mapping[Place, int]"
) -> dict[Vertex, list[tuple[Vertex, Place]]]:
    found: dict[Vertex, list[tuple[Vertex, Place]]] = defaultdict(list)
    for place in places:
        row, column = grid.ends(place)
        found[row].append((column, place))
        found[column].append((row, place))
    return found
