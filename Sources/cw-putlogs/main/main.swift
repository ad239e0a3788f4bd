internal import PutLogsCommand
internal import Unix

run(PutLogs.self)
