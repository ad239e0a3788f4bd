internal import PutMetricsCommand
internal import Tool

run(PutMetrics.self)
