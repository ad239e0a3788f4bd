internal import PutMetricsCommand
internal import Unix

run(PutMetrics.self)
