internal import MetricsCommand
internal import Tool

run(Metrics.self)
