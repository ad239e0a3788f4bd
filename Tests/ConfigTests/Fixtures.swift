import Testing

@testable import Config

/// Every key of the original, each with a value that is not its default.
let everyKeyOfTheOriginal = """
  {
    "agent": {
      "instance": {"prefix": "rpi", "serial": "0011", "command": "echo 42"},
      "authentication": {
        "accountId": "123456789012",
        "userPoolId": "eu-west-1_AbCdEf123",
        "identityPoolId": "eu-west-1:01234567-89ab-cdef-0123-456789abcdef",
        "appClientId": "a1b2c3d4e5f6g7h8i9j0k1l2m3",
        "password": "correct horse"
      },
      "region": "eu-west-1",
      "metrics_collection_interval": 60,
      "logs_collection_interval": 2.5,
      "logfile": "/var/log/publisher.log",
      "debug": true
    },
    "metrics": {"namespace": "System/RaspberryPi"},
    "logs": {
      "log_group_name": "/system/rpi/{instance_id}",
      "retention_in_days": 7,
      "logs_collected": {
        "files": {
          "collect_list": [
            {"file_path": "/var/log/syslog"},
            {"file_path": "/var/log/app/*.log", "include_patterns": ["a", "b"], "exclude_patterns": ["c\\\\d+"]}
          ]
        },
        "journal": {"collect": true, "include_patterns": ["sshd"], "exclude_patterns": ["CRON"]}
      }
    }
  }
  """

func file(_ text: String) throws -> ConfigurationFile { try ConfigurationFile(path: "f", text: Array(text.utf8)) }

/// What is thrown, if it is thrown as it should be.
func configurationError(_ body: () throws -> Void) -> ConfigurationError? {
  do {
    try body()
    Issue.record("nothing was thrown")
  } catch let error as ConfigurationError {
    return error
  } catch {
    Issue.record("\(error) was thrown")
  }
  return nil
}
