internal import DeployUsersCommand
internal import Unix

run(DeployUsers.self)
