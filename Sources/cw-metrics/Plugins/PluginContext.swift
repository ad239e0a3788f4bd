internal import Config
internal import MetricOutput
internal import Records
internal import Unix

/// What a plugin measures with: its settings, its files, and where its values go.
final class PluginContext {
  let settings: PluginSettings
  /// Precedes `/proc`, `/sys` and the mount points.
  let root: String
  /// When the sample that is being taken began.
  private(set) var now = Moment(timestamp: 0, monotonic: 0)

  private let files: ProcFiles
  private let naming: SeriesNaming
  private let warn: (String) -> Void
  private var warned: Set<String> = []
  private var output: SampleOutput?

  /// - Parameters:
  ///   - files: those that plugins share.
  ///   - warn: called once for each thing that cannot be measured.
  init(_ settings: PluginSettings, root: String, files: ProcFiles, naming: SeriesNaming, warn: @escaping (String) -> Void) {
    self.settings = settings
    self.root = root
    self.files = files
    self.naming = naming
    self.warn = warn
  }

  // MARK: - once

  /// A field that the configuration asks for, and its place there.
  struct Wanted<Field> {
    let field: Field
    fileprivate let index: Int
  }

  /// The fields to be measured, in the configuration's order.
  func wanted<Field: RawRepresentable>(_ type: Field.Type = Field.self) -> [Wanted<Field>] where Field.RawValue == String {
    naming.fields.enumerated().compactMap { index, name in Field(rawValue: name).map { Wanted(field: $0, index: index) } }
  }

  /// A device, or the machine where there are no dimensions, whose series are named once and used as long as it is there.
  /// - Parameter dimensions: those of the plugin; an empty value is left out.
  func instance(_ dimensions: [(name: String, value: String)] = []) -> Instance {
    instance(dimensions.map { ($0.name, Array($0.value.utf8)) })
  }

  /// The same of values that need not be text.
  func instance(_ dimensions: [(name: String, value: [UInt8])]) -> Instance { Instance(naming.templates(dimensions)) }

  final class Instance {
    // By the place of the wanted field.
    fileprivate let templates: [[RecordTemplate]]

    fileprivate init(_ templates: [[RecordTemplate]]) { self.templates = templates }
  }

  /// A file below `root` that is read at most once a sample, however many plugins want it.
  /// - Parameter hasShortLines: as `ProcFile` has it.
  func file(_ path: String, hasShortLines: Bool = false) -> ProcFile { files.file(root + path, hasShortLines: hasShortLines) }

  // MARK: - in each sample

  /// What a file says now; nil, after one warning, if it cannot be read or is not as it should be.
  func read<Value>(_ file: ProcFile, parse: (UnsafeRawBufferPointer) -> Value?) -> Value? {
    do {
      if let value = parse(try file.read(at: now.monotonic)) { return value }
      warnOnce("\(file.path) is not as proc(5) describes it; \(settings.name) metrics are left out")
    } catch {
      warnOnce("\(error); \(settings.name) metrics are left out")
    }
    return nil
  }

  /// Publishes a value, in the field's own unit. One that is not finite is left out.
  func write(_ value: Double, _ wanted: Wanted<some Any>, _ instance: Instance) {
    let units = naming.units[wanted.index]
    // MetricDatum's limit.
    guard let output, let value = units.own.convert(value, to: units.published), value.magnitude <= 0x1p360 else { return }
    for template in instance.templates[wanted.index] { output.add(template, value, timestamp: now.timestamp) }
  }

  /// Says what cannot be measured, the first time.
  func warnOnce(_ text: String) {
    if warned.insert(text).inserted { warn(text) }
  }

  /// Takes a sample.
  /// - Parameter output: nil: only what later differences are taken from.
  func sample(_ plugin: any Plugin, at moment: Moment, to output: SampleOutput?) {
    now = moment
    self.output = output
    plugin.sample()
    self.output = nil
  }
}
