"""What the page says, in reading order.

The words stand in ``segment_sections``, ``model_sections`` and
``data_sections``: one function a section, from the marts to a ``Section``. A
section whose marts are empty says what is missing instead.
"""

from __future__ import annotations

from tessera.report.blocks import Section
from tessera.report.data_sections import (
    identity_section,
    quality_section,
    thresholds_section,
)
from tessera.report.model_sections import plane_section, selection_section
from tessera.report.read import Marts
from tessera.report.segment_sections import rfm_section, segmentation_section

EXPECTED_SEGMENTATIONS = ("rfm", "behaviour")


def build_sections(marts: Marts) -> list[Section]:
    """Build all sections in reading order."""
    found = marts.segments["segmentation"].unique().tolist()
    others = [name for name in found if name not in EXPECTED_SEGMENTATIONS]
    return [
        segmentation_section("rfm", marts.segments),
        rfm_section(marts.rfm_cells),
        segmentation_section("behaviour", marts.segments),
        plane_section(marts.plane, marts.segments, marts.axes),
        selection_section(marts.candidates, marts.model),
        *(segmentation_section(name, marts.segments) for name in others),
        thresholds_section(marts.thresholds),
        identity_section(marts.match_rates, marts.review_counts, marts.reviews),
        quality_section(
            marts.reconciliation, marts.quarantine, marts.blanked, marts.enrichments
        ),
    ]
