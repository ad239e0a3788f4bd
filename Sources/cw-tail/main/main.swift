internal import TailCommand
internal import Unix

run(Tail.self)
