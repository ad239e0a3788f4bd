internal import CCurl
internal import Unix

/// One request and its response: a libcurl handle, which the next exchange uses again.
final class Exchange {
  let handle: UnsafeMutableRawPointer
  private var completion: Transport.Completion?
  private var willSend: (() -> Bool)?
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var body: ByteBuffer?  // kept alive while libcurl reads it
  private var response = HTTPResponse(status: 0)
  private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  /// The largest body of a response in bytes: AWS's are far smaller, and a hostile one must not fill the memory.
  static let maximumBodyLength = 1 << 20

  init?() {
    guard let handle = curl_easy_init() else { return nil }
    self.handle = handle
    errorText[0] = 0
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headerList)
    errorText.deallocate()
  }

  func prepare(
    _ request: HTTPRequest, options: Transport.Options, certificateDirectory: String?,
    completion: @escaping Transport.Completion
  ) {
    curl_easy_reset(handle)
    errorText[0] = 0
    self.completion = completion
    willSend = request.willSend
    body = request.body
    response = HTTPResponse(status: 0)
    cw_setopt_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
    cw_setopt_string(handle, CURLOPT_URL, request.url)
    cw_setopt_string(handle, CURLOPT_USERAGENT, options.userAgent)
    setHeaders(request.headers)
    setBody(request)
    setSafety(isPlain: request.url.hasPrefix("http://"))
    setTrust(options, certificateDirectory: certificateDirectory)
    if let certificate = request.clientCertificate {
      cw_setopt_string(handle, CURLOPT_SSLCERT, certificate.certificatePath)
      cw_setopt_string(handle, CURLOPT_SSLKEY, certificate.keyPath)
    }
    setLimits(request.limits)
    if !request.mayBeRepeated {
      cw_setopt_long(handle, CURLOPT_FRESH_CONNECT, 1)
      cw_setopt_long(handle, CURLOPT_FORBID_REUSE, 1)
    }
    receive()
  }

  /// The result, and the completion that waits for it.
  func finish(_ code: CURLcode) -> (Transport.Completion?, Result<HTTPResponse, HTTPFailure>) {
    defer {
      completion = nil
      willSend = nil
      body = nil
    }
    if code == CURLE_OK {
      var status = 0
      cw_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
      response.status = status
      return (completion, .success(response))
    }
    var detail = errorText[0] != 0 ? String(cString: errorText) : String(cString: curl_easy_strerror(code))
    // libcurl repeats the whole URL with its password.
    if detail.hasPrefix("Unsupported proxy") {
      detail = "the URL of the proxy cannot be used; look at https_proxy, HTTPS_PROXY, all_proxy and ALL_PROXY"
    }
    var sent: curl_off_t = 0
    cw_getinfo_offset(handle, CURLINFO_SIZE_UPLOAD_T, &sent)
    let cause = Self.cause(of: code)
    let isSent = cause == .timeout || cause == .broken ? Int(sent) >= (body?.count ?? 0) : false
    return (completion, .failure(HTTPFailure(cause: cause, detail: detail, mayHaveBeenSent: isSent)))
  }

  private func setHeaders(_ headers: [(name: String, value: String)]) {
    curl_slist_free_all(headerList)
    headerList = nil
    // Without this libcurl asks the server before it sends a large body, and waits a second for the answer.
    headerList = curl_slist_append(headerList, "Expect:")
    // Without this it declares a body without a type as a form.
    if !headers.contains(where: { $0.name == "Content-Type" }) { headerList = curl_slist_append(headerList, "Content-Type:") }
    for (name, value) in headers { headerList = curl_slist_append(headerList, "\(name): \(value)") }
    cw_setopt_pointer(handle, CURLOPT_HTTPHEADER, headerList)
  }

  private func setBody(_ request: HTTPRequest) {
    guard request.method != "GET" else { return }
    cw_setopt_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
    cw_setopt_pointer(handle, CURLOPT_POSTFIELDS, request.body.bytes.baseAddress)
    cw_setopt_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
  }

  private func setSafety(isPlain: Bool) {
    cw_setopt_string(handle, CURLOPT_PROTOCOLS_STR, isPlain ? "http" : "https")
    cw_setopt_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    cw_setopt_long(handle, CURLOPT_NOSIGNAL, 1)
    // Plain HTTP goes only to this machine and its hypervisor (`Endpoint` ensures it), which no proxy can reach.
    if isPlain { cw_setopt_string(handle, CURLOPT_PROXY, "") }
  }

  private func setTrust(_ options: Transport.Options, certificateDirectory: String?) {
    cw_setopt_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    cw_setopt_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
    cw_setopt_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
    if let bundle = options.caBundle {
      cw_setopt_string(handle, CURLOPT_CAINFO, bundle)
      cw_setopt_string(handle, CURLOPT_CAPATH, nil)
    } else if let certificateDirectory {
      // CAINFO must go, or libcurl reads its built-in bundle as well.
      cw_setopt_string(handle, CURLOPT_CAINFO, nil)
      cw_setopt_string(handle, CURLOPT_CAPATH, certificateDirectory)
    }
  }

  // Whatever the limits, half a minute without a byte is the end.
  private func setLimits(_ limits: HTTPRequest.Limits) {
    cw_setopt_long(handle, CURLOPT_CONNECTTIMEOUT, limits.connecting)
    cw_setopt_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
    cw_setopt_long(handle, CURLOPT_LOW_SPEED_TIME, 30)
    cw_setopt_long(handle, CURLOPT_TIMEOUT, limits.all)
    cw_setopt_long(handle, CURLOPT_UPLOAD_BUFFERSIZE, 1 << 18)
  }

  private func receive() {
    let context = Unmanaged.passUnretained(self).toOpaque()
    cw_setopt_callback(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
      return exchange.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    cw_setopt_pointer(handle, CURLOPT_WRITEDATA, context)
    cw_setopt_callback(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      guard let bytes, let context else { return 0 }
      let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
      return exchange.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
    cw_setopt_pointer(handle, CURLOPT_HEADERDATA, context)
    guard willSend != nil else { return }
    cw_setopt_prerequest(handle) { context, _, _, _, _ in
      guard let context else { return CURL_PREREQFUNC_ABORT }
      let exchange = Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
      return exchange.willSend?() == false ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK
    }
    cw_setopt_pointer(handle, CURLOPT_PREREQDATA, context)
  }

  private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard response.body.count + bytes.count <= Self.maximumBodyLength else { return 0 }
    response.body.append(contentsOf: bytes)
    return bytes.count
  }

  private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
    if let colon = line.firstIndex(of: UInt8(ascii: ":")), response.headers.count < 200 {
      let name = line.part(0..<colon).text.lowercased()
      let value = line.part(colon + 1..<line.count).trimmed { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
      response.headers[name] = String(decoding: value, as: UTF8.self)
    } else if line.count > 5, line.part(0..<5).equals("HTTP/") {
      response.headers = [:]  // an interim response, or that of a proxy, came before
    }
    return line.count
  }

  private static func cause(of code: CURLcode) -> HTTPFailure.Cause {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: .connect
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_INITFAILED:
      .tls
    case CURLE_OPERATION_TIMEDOUT: .timeout
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT: .invalid
    default: .broken
    }
  }
}
