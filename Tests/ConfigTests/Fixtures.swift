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

/// Every key of the CloudWatch agent that is known here, each with a value that is not its default.
let everyKeyOfTheAgent = """
  {
    "agent": {"hostname": "h", "omit_hostname": true, "metrics_collection_interval": 30},
    "metrics": {
      "namespace": "N",
      "append_dimensions": {"site": "lab", "InstanceId": "{instance_id}"},
      "aggregation_dimensions": [["cpu"], []],
      "metrics_collected": {
        "cpu": {
          "measurement": ["usage_idle", {"name": "cpu_time_user", "rename": "User", "unit": "Count"}], "resources": ["*"], "totalcpu": false,
          "metrics_collection_interval": 10, "append_dimensions": {"a": "b"}, "drop_original_metrics": ["User"]
        },
        "disk": {"measurement": ["free"], "resources": ["/"], "ignore_file_system_types": ["tmpfs"], "drop_device": true},
        "procstat": [
          {"exe": "a", "measurement": ["cpu_usage"]}, {"pattern": "b", "measurement": ["pid_count"]},
          {"pid_file": "/run/c", "measurement": ["memory_rss"]}
        ]
      }
    },
    "logs": {
      "log_group_name": "/lab/{hostname}",
      "log_stream_name": "{instance_id}",
      "retention_in_days": 14,
      "log_group_class": "infrequent_access",
      "kms_key_id": "arn:aws:kms:eu-west-1:123456789012:key/0-1",
      "tags": {"team": "lab", "cost": "42"},
      "logs_collected": {
        "files": {
          "collect_list": [
            {
              "file_path": "/var/log/web/*.log",
              "log_group_name": "/web",
              "log_stream_name": "{local_hostname}",
              "retention_in_days": 30,
              "log_group_class": "STANDARD",
              "kms_key_id": "arn:aws:kms:eu-west-1:123456789012:key/0-2",
              "tags": {"team": "web"},
              "filters": [{"type": "include", "expression": "a"}, {"type": "exclude", "expression": "b(c)"}],
              "timestamp_format": "%Y-%m-%d %H:%M:%S",
              "timezone": "UTC",
              "trim_timestamp": true,
              "multi_line_start_pattern": "{timestamp_format}",
              "encoding": "iso-8859-1",
              "blacklist": "\\\\.old$",
              "from_beginning": true,
              "publish_multi_logs": true
            },
            {"file_path": "/var/log/other", "retention_in_days": -1, "multi_line_start_pattern": "^\\\\S"}
          ]
        },
        "journal": {
          "units": ["ssh.service"], "priority": "err", "matches": [{"_UID": "0", "A": "b"}, {"_UID": "1"}],
          "log_group_name": "/journal", "log_stream_name": "ssh", "retention_in_days": 1,
          "filters": [{"type": "exclude", "expression": "d"}]
        },
        "journald": {"collect_list": [
          {"log_group_name": "/journal", "log_stream_name": "kernel", "log_group_class": "STANDARD", "retention_in_days": 1,
           "units": ["a", "b"], "priority": 3, "filters": [{"type": "include", "expression": "e"}]},
          {"log_group_name": "/journal", "matches": [{"_TRANSPORT": "kernel"}]}
        ]}
      }
    }
  }
  """

let anchor = "arn:aws:rolesanywhere:eu-west-1:123456789012:trust-anchor/01234567-89ab-cdef-0123-456789abcdef"
let profile = "arn:aws:rolesanywhere:eu-west-1:123456789012:profile/01234567-89ab-cdef-0123-456789abcdef"
let role = "arn:aws:iam::123456789012:role/devices/publisher"

let everyKeyOfRolesAnywhere = """
  {"agent": {"region": "eu-west-1", "authentication": {
    "trustAnchorArn": "\(anchor)", "profileArn": "\(profile)", "roleArn": "\(role)",
    "durationSeconds": 900, "roleSessionName": "rpi-1", "certificate": ["/c.pem", "/k.pem"]}}}
  """

/// A Cognito user whose password is where these members say.
func withPassword(_ members: String) -> String {
  """
  {"agent": {"region": "eu-west-1", "authentication": {
    "userPoolId": "eu-west-1_a", "identityPoolId": "eu-west-1:b", "appClientId": "c", \(members)}}}
  """
}

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
