internal import LogFilterCommand
internal import Unix

run(LogFilter.self)
