"""Searches for networks: what a controller learns, and how far each search is from the best."""

from analysis.charts.search.courses import regret, sampled
from analysis.charts.search.front import front
from analysis.charts.search.ranking import shared_against_true
from analysis.charts.search.trail import chances, rewards

__all__ = ["chances", "front", "regret", "rewards", "sampled", "shared_against_true"]
