import Testing

@Suite("none") struct None {}
