internal import CCurl
internal import Unix

/// Many HTTP exchanges at once on one thread, by libcurl's multi interface: connections are kept and used again,
/// certificates are always verified, redirects never followed.
final class Transport {
  struct Options {
    /// PEM file of the only certificate authorities to trust. Nil: the system's.
    var caBundle: String? = nil
    var userAgent: String
  }

  typealias Completion = (Result<HTTPResponse, HTTPFailure>) -> Void

  private let options: Options
  private let multi: UnsafeMutableRawPointer
  private var idle: [Exchange] = []
  private var running: [UnsafeMutableRawPointer: Exchange] = [:]
  // A directory of hashed certificates costs libcurl nothing until one is needed; the bundle costs 40 ms of CPU a process.
  private let certificateDirectory: String?

  init(_ options: Options) throws {
    guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, let multi = curl_multi_init() else {
      throw SystemError("start libcurl", code: ENOMEM)
    }
    // A connection that the other side has closed is an error of one exchange, and none of the whole program.
    BrokenPipe.isAnError()
    self.options = options
    self.multi = multi
    certificateDirectory = options.caBundle == nil ? Self.hashedCertificateDirectory() : nil
    if let bundle = options.caBundle, access(bundle, R_OK) != 0 { throw SystemError("read the CA bundle \(bundle)") }
  }

  deinit {
    for exchange in running.values { curl_multi_remove_handle(multi, exchange.handle) }
    curl_multi_cleanup(multi)
  }

  /// How many exchanges are under way.
  var runningCount: Int { running.count }

  /// Starts an exchange; `completion` is called from a later `wait`, once.
  func start(_ request: HTTPRequest, completion: @escaping Completion) {
    guard let exchange = idle.popLast() ?? Exchange() else {
      completion(.failure(HTTPFailure(cause: .invalid, detail: "out of memory", mayHaveBeenSent: false)))
      return
    }
    exchange.prepare(request, options: options, certificateDirectory: certificateDirectory, completion: completion)
    running[exchange.handle] = exchange
    curl_multi_add_handle(multi, exchange.handle)
  }

  /// Moves all exchanges on and waits until one of them, or one of `descriptors`, has something, or the time is over.
  /// - Parameters:
  ///   - descriptors: watched for their `events`; `revents` is filled in. `POLLERR` and `POLLHUP` are always watched.
  ///   - milliseconds: the longest to wait.
  func wait(_ descriptors: inout [pollfd], milliseconds: Int) {
    // An exchange that has ended already is a reason to return at once.
    let timeout = finish() ? 0 : Int32(clamping: max(milliseconds, 0))
    if running.isEmpty {
      _ = poll(&descriptors, nfds_t(descriptors.count), timeout)
      return
    }
    var watched = descriptors.map {
      curl_waitfd(fd: $0.fd, events: $0.events, revents: 0)
    }
    curl_multi_poll(multi, &watched, UInt32(watched.count), timeout, nil)
    for index in watched.indices { descriptors[index].revents = watched[index].revents }
    finish()
  }

  // Lets libcurl work, and completes what has ended; true if anything has.
  @discardableResult
  private func finish() -> Bool {
    var hasFinished = false
    var runningHandles: Int32 = 0
    curl_multi_perform(multi, &runningHandles)
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
      let result = cw_message_result(message)
      guard let exchange = running.removeValue(forKey: handle) else { continue }
      curl_multi_remove_handle(multi, handle)
      let (completion, outcome) = exchange.finish(result)
      idle.append(exchange)
      completion?(outcome)
      hasFinished = true
    }
    return hasFinished
  }

  private static func hashedCertificateDirectory() -> String? {
    let path = "/etc/ssl/certs"
    guard let directory = opendir(path) else { return nil }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let isHash = withUnsafeBytes(of: &entry.pointee.d_name) { name in
        name.count > 10 && name[8] == UInt8(ascii: ".") && name[9] == UInt8(ascii: "0") && name[10] == 0
      }
      if isHash { return path }
    }
    return nil
  }
}
