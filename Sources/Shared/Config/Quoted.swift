internal import Unix

/// Text from a file or a command, for a message: in double quotes, and printable.
func quoted(_ text: String) -> String { "\"\(text.printable)\"" }
