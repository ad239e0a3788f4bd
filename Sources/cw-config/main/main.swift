internal import ConfigCommand
internal import Unix

run(ConfigTool.self)
