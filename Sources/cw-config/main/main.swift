internal import ConfigCommand
internal import Tool

run(ConfigTool.self)
