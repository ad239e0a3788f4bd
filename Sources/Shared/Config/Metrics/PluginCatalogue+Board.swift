/// Sections that the CloudWatch agent does not have: what a small board needs.
extension PluginCatalogue {
  static let board: [PluginDescription] = []
}
