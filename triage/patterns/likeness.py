"""How alike texts are by their words, and what of many things is alike enough to be one.

scikit-learn finds both. To import it takes longer than all else that a ranking does, so few texts and few things are
compared here, by the same rules; for many it is worth its time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

#: Up to so many are few.
FEW = 300
#: What counts as a word: letters, or the status of a response.
WORD = r"[A-Za-z]{2,}|\b[1-5]\d\d\b"

Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def words_alike(texts: Sequence[str]) -> Matrix:
    """Cosine of TF-IDF vectors of the texts' words (Salton and Buckley, 1988), from 0 to 1.

    Examples
    --------
    >>> words_alike(["pool exhausted", "pool is exhausted", "card declined"]).round(2).tolist()
    [[1.0, 0.73, 0.0], [0.73, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    return _few_words(texts) if len(texts) <= FEW else _many_words(texts)


def groups_of_alike(likeness: Matrix, least: float) -> list[int]:
    """A number for each thing, the same for those of one group: average linkage, down to a likeness of `least`.

    Examples
    --------
    >>> groups_of_alike(np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.2], [0.1, 0.2, 1.0]]), 0.5)
    [1, 1, 2]
    """
    found = _few_groups(likeness, least) if len(likeness) <= FEW else _many_groups(likeness, least)
    return [int(number) for number in found]


def _few_words(texts: Sequence[str]) -> Matrix:
    words = [Counter(re.findall(WORD, text.lower())) for text in texts]
    place = {word: number for number, word in enumerate(sorted(set().union(*words)))}
    counts = np.zeros((len(texts), len(place)))
    for row, found in enumerate(words):
        for word, count in found.items():
            counts[row, place[word]] = 1 + np.log(count)
    holders = (counts > 0).sum(axis=0)
    weights = counts * (np.log((1 + len(texts)) / (1 + holders)) + 1)
    lengths = np.linalg.norm(weights, axis=1, keepdims=True)
    unit = np.divide(weights, lengths, out=np.zeros_like(weights), where=lengths > 0)
    alike: Matrix = unit @ unit.T
    return alike


def _many_words(texts: Sequence[str]) -> Matrix:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import cosine_similarity

    vectors = TfidfVectorizer(token_pattern=WORD, sublinear_tf=True)
    try:
        alike: Matrix = np.asarray(cosine_similarity(vectors.fit_transform(texts)))
    except ValueError:  # no text holds a word: nothing to compare
        return np.zeros((len(texts), len(texts)))
    return alike


def _few_groups(likeness: Matrix, least: float) -> Sequence[int]:
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(likeness) < 2:
        return [1] * len(likeness)
    apart = 1 - likeness[np.triu_indices(len(likeness), 1)]
    # What is just so far apart stays apart.
    found: Sequence[int] = fcluster(linkage(apart, "average"), np.nextafter(1 - least, 0), "distance")
    return found


def _many_groups(likeness: Matrix, least: float) -> Sequence[int]:
    from sklearn.cluster import AgglomerativeClustering

    model = AgglomerativeClustering(
        n_clusters=None, distance_threshold=1 - least, metric="precomputed", linkage="average"
    )
    found: Sequence[int] = model.fit_predict(1 - likeness)
    return found
