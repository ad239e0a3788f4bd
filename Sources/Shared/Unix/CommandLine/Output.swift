/// Writes an answer to standard output.
/// - Throws: `SystemError`.
package func writeOutput(_ text: String) throws {
  var text = text
  try text.withUTF8 { try Descriptor.writeAll(STDOUT_FILENO, UnsafeRawBufferPointer($0)) }
}

/// Writes an answer to standard output.
/// - Throws: `SystemError`.
package func writeOutput(_ text: ByteBuffer) throws { try Descriptor.writeAll(STDOUT_FILENO, text) }

/// Cells in columns of equal width, a line for each row.
/// - Parameter rightAligned: columns whose cells end below each other.
package func columns(_ rows: [[String]], rightAligned: Set<Int> = []) -> String {
  var widths: [Int] = []
  for row in rows {
    for (column, cell) in row.enumerated() {
      if column == widths.count { widths.append(0) }
      widths[column] = max(widths[column], cell.count)
    }
  }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      let gap = String(repeating: " ", count: widths[column] - cell.count)
      if rightAligned.contains(column) { return gap + cell }
      return column == row.count - 1 ? cell : cell + gap
    }
    return cells.joined(separator: "  ") + "\n"
  }.joined()
}
