/// The error that `body` throws, if it is of this type. (`#expect(throws:)` hands it out from Swift 6.1 on only.)
package func thrown<Thrown: Error>(_ type: Thrown.Type, by body: () throws -> Void) -> Thrown? {
  do {
    try body()
    return nil
  } catch {
    return error as? Thrown
  }
}
