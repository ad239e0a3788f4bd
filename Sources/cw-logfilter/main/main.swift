internal import LogFilterCommand
internal import Tool

run(LogFilter.self)
