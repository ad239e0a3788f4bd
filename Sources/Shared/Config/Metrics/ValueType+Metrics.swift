internal import Unix

/// What is said of metrics.
extension ValueType {
  static let names = ValueType(name: "list", expectation: "a list of names in quotes") {
    guard case .list(let elements) = $0 else { return false }
    return elements.allSatisfy { text.accepts($0.value) }
  }

  /// Each element is looked at on its own, so that a message can name it.
  static let measurements = ValueType(name: "list", expectation: "a list of names in quotes, or of objects with name, rename and unit") {
    guard case .list(let elements) = $0 else { return false }
    return elements.allSatisfy { PluginSettings.Measurement($0.value) != nil }
  }

  /// MetricDatum, parameter Dimensions. What is not ASCII in a value is encoded when it is sent.
  static let dimensions = ValueType(
    name: "object",
    expectation: "an object of up to 30 texts, names of 1 to 255 ASCII characters, not beginning with a colon, "
      + "values that are not empty, with {instance_id} where the instance id goes"
  ) {
    guard case .object(let members) = $0, members.count <= 30 else { return false }
    return members.allSatisfy { member in isDimension(member.key) && member.value.value.isText { isDimensionValue($0) } }
  }

  private static func isDimensionValue(_ text: String) -> Bool {
    !text.isEmpty && (NameTemplate.validationError(text) == nil || text.hasPrefix("${"))
  }

  static let dimensionSets = ValueType(
    name: "list", expectation: "a list of lists, each of up to 30 names of dimensions in quotes"
  ) {
    guard case .list(let sets) = $0 else { return false }
    return sets.allSatisfy { set in
      guard case .list(let names) = set.value, names.count <= 30 else { return false }
      return names.allSatisfy { $0.value.isText(isDimension) }
    }
  }

  private static func isDimension(_ name: String) -> Bool { NameRules.isMetricText(name, 255) && !name.hasPrefix(":") }
}
