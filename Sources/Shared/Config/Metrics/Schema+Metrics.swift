internal import Records

extension Schema {
  static let pluginsSection = "metrics.metrics_collected"

  /// The keys of every section of `metrics_collected`.
  private static let common: [Key<PluginSettings>] = [
    Key("measurement", .measurements, \.measurements, "which metrics are published"),
    Key("metrics_collection_interval", .seconds, \.interval, "time between two samples, if not that of agent"),
    Key("append_dimensions", .dimensions, \.appendDimensions, "further dimensions"),
    Key("drop_original_metrics", .names, \.dropOriginalMetrics, "metrics of which only the sets of aggregation_dimensions are published"),
  ]

  /// The keys of a section, each with its whole path.
  static func keys(of plugin: PluginDescription) -> [Key<PluginSettings>] {
    let place = "\(pluginsSection).\(plugin.name)" + (plugin.isList ? "[]." : ".")
    return (common + plugin.keys).map { $0.within(place, \.self) }
  }

  static let metrics: [Key<Configuration>] = [
    Key("agent.hostname", .text, \.agent.hostname, "value of the dimension host, if not the machine's name"),
    Key("agent.omit_hostname", .boolean, \.agent.omitHostname, "whether the dimension host is left out"),
    Key("metrics.append_dimensions", .dimensions, \.metrics.appendDimensions, "dimensions in place of host"),
    Key(
      "metrics.aggregation_dimensions", .dimensionSets, \.metrics.aggregationDimensions,
      "sets of dimensions under which the metrics are published once more"),
  ]

  /// What manuals say of the keys of every section: once, under the name `NAME`, and of those that one section has, under its own.
  static var pluginDescriptions: [Description] {
    var descriptions: [Description] = []
    for plugin in PluginCatalogue.plugins {
      for (key, place) in zip(keys(of: plugin), (common + plugin.keys).indices) {
        let isCommon = place < common.count
        let standard = isCommon || key.type.name == "list" ? nil : key.get(PluginSettings(plugin.name))?.word
        descriptions.append(
          Description(
            path: key.path, type: key.type, standard: standard, meaning: key.meaning,
            manualPath: isCommon ? "\(pluginsSection).NAME.\(common[place].path)" : key.path))
      }
    }
    return descriptions
  }

  /// Sections that the CloudWatch agent has and nothing here serves: of hardware in EC2, of listeners, of other programs.
  static let unsupportedPlugins = ["collectd", "efa", "ethtool", "jmx", "nvidia_gpu", "nvidia_smi", "otlp", "prometheus", "statsd"].map {
    "\(pluginsSection).\($0)"
  }
}
