internal import DeployUsersCommand
internal import Tool

run(DeployUsers.self)
