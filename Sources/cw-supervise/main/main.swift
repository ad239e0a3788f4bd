internal import SuperviseCommand
internal import Tool

run(Supervise.self)
