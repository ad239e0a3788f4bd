internal import PutLogsCommand
internal import Tool

run(PutLogs.self)
