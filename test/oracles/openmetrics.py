"""Reads a text exposition from stdin with the official Python client, and prints how many families and samples it has."""

import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as plain

parse = open_metrics if sys.argv[1] == "openmetrics" else plain
families = list(parse(sys.stdin.read()))
print(len(families), sum(len(family.samples) for family in families))
