"""Behaviour of ``tessera.methods.picture``."""

import numpy as np
import pandas as pd
import pytest

from tessera.methods.picture import PICTURE_TYPES, draw_picture


@pytest.fixture
def blobs():
    random = np.random.default_rng(4)
    return np.repeat([[0.0] * 4, [9.0] * 4], 40, axis=0) + random.normal(size=(80, 4))


def test_neighbours_stay_neighbours(blobs):
    plane = draw_picture(blobs, range(80), random_state=1)[["across", "up"]].to_numpy()
    apart = ((plane[:, None] - plane[None]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    assert ((apart.argmin(axis=1) < 40) == (np.arange(80) < 40)).all()


def test_two_runs_give_equal_bits(blobs):
    first, second = (draw_picture(blobs, range(80), random_state=1) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, rtol=0, atol=0)


def test_more_persons_than_the_limit_are_thinned_out_evenly(blobs):
    picture = draw_picture(blobs, range(80), person_limit=20, random_state=1)
    assert len(picture) == 20
    keys = picture["person_key"]
    assert (keys.iloc[0], keys.iloc[-1]) == (0, 79)
    assert keys.diff().dropna().between(4, 5).all()


@pytest.mark.parametrize("shape", [(0, 2), (4, 2), (9, 0), (9, 2)])
def test_nothing_to_see_gives_no_rows(shape):
    picture = draw_picture(np.ones(shape), range(shape[0]), random_state=1)
    assert picture.empty
    assert picture.dtypes.astype(str).to_dict() == PICTURE_TYPES


def test_one_axis_and_six_persons_can_be_drawn():
    picture = draw_picture(np.arange(6.0)[:, None], range(6), random_state=1)
    assert np.isfinite(picture[["across", "up"]].to_numpy()).all()


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match=r"one key per person \(2\)"):
        draw_picture(np.eye(2), [1], random_state=0)
    with pytest.raises(ValueError, match="person_limit should be >= 1, found 0"):
        draw_picture(np.eye(2), [1, 2], person_limit=0, random_state=0)
