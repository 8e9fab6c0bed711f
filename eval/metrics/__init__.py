"""What is measured, and how. Definitions stand in the docstrings of the functions.

``ranking`` (hit@k, MRR, nDCG), ``quoting`` (facts, spans, ROUGE-L), ``selective`` (risk and
coverage, calibration), ``intervals`` (bootstrap, randomisation test). A value that is not
defined for a case is None: it is left out of the mean and counted, never taken as 0.
"""

from eval.metrics.intervals import Interval, bootstrap, mean_interval, paired_randomisation
from eval.metrics.quoting import (
    exact_match,
    facts_stated,
    overlap,
    rouge_l,
    token_f1,
)
from eval.metrics.ranking import graded_ndcg_at, hit_at, ndcg_at, recall_at, reciprocal_rank
from eval.metrics.selective import (
    Bin,
    area_under_risk_coverage,
    expected_calibration_error,
    reliability_bins,
    risk_coverage,
)

__all__ = [
    "Bin",
    "Interval",
    "area_under_risk_coverage",
    "bootstrap",
    "exact_match",
    "expected_calibration_error",
    "facts_stated",
    "graded_ndcg_at",
    "hit_at",
    "mean_interval",
    "ndcg_at",
    "overlap",
    "paired_randomisation",
    "recall_at",
    "reciprocal_rank",
    "reliability_bins",
    "risk_coverage",
    "rouge_l",
    "token_f1",
]
