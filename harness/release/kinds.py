"""Requests of kinds that no category covers, grouped by how alike their texts are: what V6 might need a family for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, log

ALIKE = 0.3
"""Average similarity up to which groups are joined."""
MOST = 400
"""Texts that are compared, the newest: time and memory grow with the square."""
WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True)
class Kind:
    """A group of requests: its most typical text, how many there are, and how many of the verified ones passed."""

    text: str
    count: int
    passed: int
    verified: int


def kinds(requests: Sequence[tuple[str, bool | None]]) -> list[Kind]:
    """Groups of (text, whether its answer passed; None: not verified), the largest first.

    Two texts are as alike as the Jaccard similarity of their shingles (words and pairs of them, names and numbers
    broken up), each weighed by how rare it is, as all requests share much. Groups are joined by average linkage.
    Of more than MOST texts only the newest are grouped.
    """
    recent = [request for request in requests if request[0].strip()][-MOST:]
    groups = _groups([_shingles(text) for text, _ in recent])
    found = []
    for members, typical in groups:
        outcomes = [recent[number][1] for number in members]
        verified = [outcome for outcome in outcomes if outcome is not None]
        found.append(Kind(recent[typical][0], len(members), sum(verified), len(verified)))
    return sorted(found, key=lambda kind: -kind.count)


def _shingles(text: str) -> frozenset[str]:
    words = WORD.findall(text.lower())
    return frozenset(words) | frozenset(f"{a} {b}" for a, b in pairwise(words))


def _groups(texts: Sequence[frozenset[str]]) -> list[tuple[list[int], int]]:
    """The members of each group, and the one that is most like the others."""
    if len(texts) < 2:
        return [([number], number) for number in range(len(texts))]
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    frequency = Counter(shingle for text in texts for shingle in text)
    weight = {shingle: log(1 + len(texts) / count) for shingle, count in frequency.items()}
    sizes = [fsum(weight[s] for s in text) for text in texts]
    distance = np.zeros((len(texts), len(texts)))
    for a, one in enumerate(texts):
        for b in range(a):
            common = fsum(weight[s] for s in one & texts[b])
            union = sizes[a] + sizes[b] - common
            distance[a, b] = distance[b, a] = max(0.0, 1 - common / union) if union else 0.0
    labels = fcluster(linkage(squareform(distance), "average"), 1 - ALIKE, "distance")
    groups = []
    for label in dict.fromkeys(labels.tolist()):
        members = [number for number, of in enumerate(labels) if of == label]
        groups.append((members, min(members, key=lambda number: float(distance[number, members].sum()))))
    return groups
