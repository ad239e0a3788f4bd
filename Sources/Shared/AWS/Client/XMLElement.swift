internal import CExpat

/// The response of a query service as a tree, by Expat (which limits the expansion of entities itself).
struct XMLElement: Equatable {
  /// The name without the name space.
  var name: String
  /// The text of the element without that of its children.
  var text = ""
  var children: [XMLElement] = []

  subscript(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// The element at the end of a path, each name the first child of the one before.
  func at(_ path: String...) -> XMLElement? {
    path.reduce(Optional(self)) { element, name in element?[name] }
  }

  init(name: String) { self.name = name }

  /// Nil unless the bytes are one whole document.
  init?(_ bytes: [UInt8]) {
    guard let parser = XML_ParserCreateNS(nil, 0x20) else { return nil }
    defer { XML_ParserFree(parser) }
    let builder = Builder(parser)
    XML_SetUserData(parser, Unmanaged.passUnretained(builder).toOpaque())
    XML_SetElementHandler(
      parser,
      { context, name, _ in Builder.of(context)?.begin(name.map { String(cString: $0) } ?? "") },
      { context, _ in Builder.of(context)?.end() })
    XML_SetCharacterDataHandler(parser) { context, text, length in
      guard let text else { return }
      Builder.of(context)?.append(UnsafeRawBufferPointer(start: text, count: Int(length)))
    }
    let status = bytes.withUnsafeBytes { raw in
      XML_Parse(parser, raw.bindMemory(to: CChar.self).baseAddress, Int32(clamping: raw.count), 1)
    }
    guard status == XML_STATUS_OK, let root = builder.root else { return nil }
    self = root
  }

  private final class Builder {
    private(set) var root: XMLElement?
    private var open: [XMLElement] = []
    private let parser: XML_Parser
    /// AWS's responses have five levels; freeing a much deeper tree would overflow the stack.
    private static let maximumDepth = 100

    init(_ parser: XML_Parser) { self.parser = parser }

    static func of(_ context: UnsafeMutableRawPointer?) -> Builder? {
      context.map { Unmanaged<Builder>.fromOpaque($0).takeUnretainedValue() }
    }

    func begin(_ name: String) {
      if open.count == Self.maximumDepth { XML_StopParser(parser, 0) }
      open.append(XMLElement(name: name.split(separator: " ").last.map(String.init) ?? name))
    }

    func end() {
      guard let element = open.popLast() else { return }
      if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
      guard !open.isEmpty else { return }
      open[open.count - 1].text += String(decoding: bytes, as: UTF8.self)
    }
  }
}
