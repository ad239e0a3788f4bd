// All programs in one binary, which selects the program by the name it is called by: a static Swift binary has 14 MB, and nine
// would be as large as AWS's agent. It is installed once, with links for the programs' names.
internal import ConfigCommand
internal import CredsCommand
internal import DeployUsersCommand
internal import LogFilterCommand
internal import MetricsCommand
internal import PutLogsCommand
internal import PutMetricsCommand
internal import SuperviseCommand
internal import TailCommand
internal import Unix

switch Messages.programName {
case "cw-config": run(ConfigTool.self)
case "cw-creds": run(Creds.self)
case "cw-deploy-users": run(DeployUsers.self)
case "cw-logfilter": run(LogFilter.self)
case "cw-metrics": run(Metrics.self)
case "cw-putlogs": run(PutLogs.self)
case "cw-putmetrics": run(PutMetrics.self)
case "cw-supervise": run(Supervise.self)
case "cw-tail": run(Tail.self)
default: refuseName()
}
