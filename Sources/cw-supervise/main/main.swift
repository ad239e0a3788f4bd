internal import SuperviseCommand
internal import Unix

run(Supervise.self)
