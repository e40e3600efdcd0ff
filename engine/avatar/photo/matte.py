"""Who is on the photo, and what is behind: a soft matte, the picture without the person, and clean edges.

The person is found by Google's selfie segmentation (MediaPipe, 256 by 256, Apache-2.0), run by OpenCV. Its rough edge
is laid onto the photo's own edges by a guided filter (He, Sun and Tang 2013, over colour, at reduced size).
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.avatar.photo.package import PERSON, Image

MODEL = Path(__file__).with_name("selfie_segmentation.tflite")
MODEL_SIDE = 256
SURE = (0.45, 0.85)
"""Below the first the model's answer counts as background, above the second as person."""

SPIKES = 9
"""Pixels of the model's: what is thinner does not stand out of a person."""

SURE_INSIDE, SURE_OUTSIDE = 0.07, 0.06
"""Face heights from the rough edge within which the colours decide."""

GUIDE_SIDE = 640
"""Longest side at which the guided filter is solved."""

EPSILON = 1e-4
SOFT = 0.038
"""Width, in face heights, within which the edge may be soft."""

CUT = (0.10, 0.90)
"""Of the filtered matte, what becomes 0 and what 1."""

LEAST_OF_FACE = 0.5
"""Share of a face's points that must lie within the matte."""

BEYOND = 0.02
"""The background is taken this share of the face's height outside the person: its edge is blurred into the photo."""

Reals = NDArray[np.float32]


def person_matte(bgr: Image, face_height: float) -> Image:
    """How much of each pixel is the person (height, width), 0 to 255."""
    rough = _filled(_segmented(bgr))
    shrunk = min(1.0, GUIDE_SIDE / max(bgr.shape[:2]))
    size = max(2, round(bgr.shape[1] * shrunk)), max(2, round(bgr.shape[0] * shrunk))
    guide = np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.float32) / np.float32(255)
    coarse = np.asarray(cv2.resize(rough, size, interpolation=cv2.INTER_LINEAR), np.float32)
    coarse = _by_colour(np.asarray(np.round(guide * 255), np.uint8), coarse, face_height * shrunk)
    radius = max(2, round(0.035 * face_height * shrunk))
    a, b = _guided(guide, coarse, radius)
    full = bgr.shape[1], bgr.shape[0]
    slope, base = cv2.resize(a, full), cv2.resize(b, full)
    matte = (slope * (bgr.astype(np.float32) / 255)).sum(2) + base
    low, high = CUT
    matte = np.clip((matte - low) / (high - low), 0, 1)
    far = cv2.resize(coarse, full)
    reach = max(3, round(SOFT * face_height)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    inside, outside = cv2.erode(far, kernel), cv2.dilate(far, kernel)
    matte = np.where(inside > 0.97, 1.0, np.where(outside < 0.03, 0.0, matte))
    return np.asarray(np.round(matte * 255), np.uint8)


def holds_face(matte: Image, points: Reals) -> bool:
    """Whether the matte has found the person whose face's ``points`` (n, 3) are: most of the face counts as theirs."""
    height, width = matte.shape
    across, down = np.rint(points[:, :2]).astype(np.int64).T
    inside = (across >= 0) & (across < width) & (down >= 0) & (down < height)
    found = matte[down[inside], across[inside]] >= PERSON
    return bool(len(found)) and float(found.mean()) > LEAST_OF_FACE


def without_person(bgr: Image, matte: Image, face_height: float) -> Image:
    """The photo with the person filled in from what is around, softly."""
    reach = max(3, round(2 * BEYOND * face_height)) | 1
    wide = cv2.dilate(matte, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    known = (wide < 8).astype(np.float32)
    filled = _spread(bgr.astype(np.float32) * known[..., None], known)
    soft = cv2.GaussianBlur(known, (0, 0), max(1.0, 0.01 * face_height))[..., None]
    share = np.minimum(soft * known[..., None] * 2, 1) * known[..., None]
    return np.asarray(np.clip(np.round(bgr * share + filled * (1 - share)), 0, 255), np.uint8)


def own_colours(bgr: Image, matte: Image, backdrop: Image) -> Image:
    """The photo with the background's share taken out of the person's edge."""
    share = matte.astype(np.float32)[..., None] / 255
    mixed = (matte > 8) & (matte < 250)
    own = (bgr - (1 - share) * backdrop) / np.maximum(share, 0.15)
    sure = (matte >= 250).astype(np.float32)
    inner = _spread(bgr.astype(np.float32) * sure[..., None], sure)
    # Where little of the person is left in a pixel, its own colour is a guess: take that of the person beside it.
    trust = np.clip((share - 0.2) / 0.5, 0, 1)
    own = np.clip(own, inner - 60, inner + 60) * trust + inner * (1 - trust)
    result = np.where(mixed[..., None], own, bgr)
    result = np.where((matte <= 8)[..., None], inner, result)
    return np.asarray(np.clip(np.round(result), 0, 255), np.uint8)


def _segmented(bgr: Image) -> Reals:
    """The model's answer, 0 to 1, at its own size."""
    net = cv2.dnn.readNetFromTFLite(str(MODEL))
    net.setInput(cv2.dnn.blobFromImage(bgr, 1 / 255, (MODEL_SIDE, MODEL_SIDE), swapRB=True))
    answer = np.asarray(net.forward(), np.float32).reshape(MODEL_SIDE, MODEL_SIDE)
    low, high = SURE
    return np.asarray(np.clip((answer - low) / (high - low), 0, 1), np.float32)


def _filled(rough: Reals) -> Reals:
    """The largest piece only, without holes; the picture's lower edge counts as person between its ends."""
    solid = (rough > 0.5).astype(np.uint8)
    below = cv2.copyMakeBorder(solid, SPIKES, SPIKES, SPIKES, SPIKES, cv2.BORDER_REPLICATE)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (SPIKES, SPIKES))
    opened = cv2.morphologyEx(below, cv2.MORPH_OPEN, kernel)
    solid = np.asarray(opened[SPIKES:-SPIKES, SPIKES:-SPIKES], np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    if len(stats) > 1:
        largest = 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
        solid = (labels == largest).astype(np.uint8)
    closed = np.pad(solid, 1)
    bottom = np.flatnonzero(solid[-1])
    if len(bottom):
        closed[-1, bottom[0] + 1 : bottom[-1] + 2] = 1
    outside = closed.copy()
    cv2.floodFill(outside, None, (0, 0), 2)
    holes = (outside[1:-1, 1:-1] == 0).astype(np.float32)
    near = cv2.dilate(solid, np.ones((3, 3), np.uint8)).astype(np.float32)
    return np.asarray(np.maximum(rough * near, cv2.GaussianBlur(holes, (5, 5), 0) * holes), np.float32)


def _by_colour(bgr: Image, rough: Reals, face_height: float) -> Reals:
    """The rough matte with its edge where the colours change (GrabCut; Rother, Kolmogorov and Blake 2004)."""

    def kernel(share: float) -> Image:
        reach = max(1, round(share * face_height)) * 2 + 1
        return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)), np.uint8)

    person = (rough > 0.5).astype(np.uint8)
    marks = np.where(person > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[cv2.erode(person, kernel(SURE_INSIDE)) > 0] = cv2.GC_FGD
    marks[cv2.dilate(person, kernel(SURE_OUTSIDE)) == 0] = cv2.GC_BGD
    if not ((marks == cv2.GC_FGD).any() and (marks == cv2.GC_BGD).any()):
        return rough
    cv2.setRNGSeed(1)
    cv2.grabCut(bgr, marks, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    found = ((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(found, (0, 0), 0.8), np.float32)


def _guided(guide: Reals, rough: Reals, radius: int) -> tuple[Reals, Reals]:
    """Slope (height, width, 3) and base (height, width) of the matte as a function of colour."""

    def mean(values: Reals) -> Reals:
        return np.asarray(cv2.blur(values, (2 * radius + 1, 2 * radius + 1)), np.float32)

    middle, level = mean(guide), mean(rough)
    pairs = np.stack([guide[..., i] * guide[..., j] for i in range(3) for j in range(3)], 2)
    spread = np.stack([mean(pairs[..., k]) for k in range(9)], 2).reshape(*rough.shape, 3, 3)
    spread = spread - middle[..., :, None] * middle[..., None, :] + EPSILON * np.eye(3, dtype=np.float32)
    with_rough = mean(guide * rough[..., None]) - middle * level[..., None]
    slope = np.linalg.solve(spread, with_rough[..., None])[..., 0].astype(np.float32)
    base = level - (slope * middle).sum(2)
    return mean(slope), mean(base)


def _spread(colour: Reals, known: Reals) -> Reals:
    """Fills what is unknown from the known around it, coarse to fine; ``colour`` is 0 where ``known`` is."""
    height, width = known.shape
    if min(height, width) < 3:
        total = max(float(known.sum()), 1e-6)
        return np.broadcast_to(colour.sum((0, 1)) / total, colour.shape).astype(np.float32)
    half = (width + 1) // 2, (height + 1) // 2
    less = cv2.resize(known, half, interpolation=cv2.INTER_AREA)
    small = cv2.resize(colour, half, interpolation=cv2.INTER_AREA)
    few = np.minimum(less, 1e-3 + less)[..., None]
    fixed = (less > 0.02).astype(np.float32)
    coarse = _spread(np.where(fixed[..., None] > 0, small / np.maximum(few, 1e-6), 0).astype(np.float32), fixed)
    back = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    back = cv2.GaussianBlur(back, (3, 3), 0)
    return np.asarray(colour + back * (1 - known[..., None]), np.float32)
