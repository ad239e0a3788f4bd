internal import MetricsCommand
internal import Unix

run(Metrics.self)
