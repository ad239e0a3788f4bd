internal import TailCommand
internal import Tool

run(Tail.self)
