import Foundation

/// Which tensor of one file is which of another: by equal names, then by a prefix that one file has before its names,
/// then by equal content.
struct TensorPairing {
  /// A prefix that the names of one file have and those of the other lack, such as `module.`.
  private(set) var prefix: CheckpointDifference.Prefix?
  /// Tensors of the first file with theirs of the second, in the order of the first.
  private(set) var pairs: [(StoredTensor, StoredTensor)] = []
  /// Those of the first file without one.
  private(set) var missing: [StoredTensor] = []
  /// Those of the second file without one.
  private(set) var extra: [StoredTensor] = []

  init(_ a: Safetensors, _ b: Safetensors) {
    var partners: [String: StoredTensor] = [:]
    for tensor in a.tensors { partners[tensor.name] = b[tensor.name] }
    var taken = Set(partners.values.map(\.name))
    func unpaired() -> (a: [StoredTensor], b: [StoredTensor]) {
      (a.tensors.filter { partners[$0.name] == nil }, b.tensors.filter { !taken.contains($0.name) })
    }
    func pair(_ tensor: StoredTensor, _ partner: StoredTensor) {
      partners[tensor.name] = partner
      taken.insert(partner.name)
    }

    var rest = unpaired()
    prefix = Self.prefix(rest.a, rest.b)
    if let prefix {
      for tensor in rest.a {
        let name = prefix.isOfFirst ? Self.removing(prefix.text, from: tensor.name) : prefix.text + tensor.name
        if let name, !taken.contains(name), let partner = b[name] { pair(tensor, partner) }
      }
    }
    rest = unpaired()
    for (tensor, partner) in Self.equals(rest.a, rest.b) { pair(tensor, partner) }
    pairs = a.tensors.compactMap { tensor in partners[tensor.name].map { (tensor, $0) } }
    (missing, extra) = unpaired()
  }

  /// The prefix, ending in a dot, that turns most unpaired names of one file into unpaired names of the other.
  private static func prefix(_ a: [StoredTensor], _ b: [StoredTensor]) -> CheckpointDifference.Prefix? {
    func votes(_ long: [StoredTensor], _ short: [StoredTensor], isOfFirst: Bool)
      -> [(prefix: CheckpointDifference.Prefix, count: Int)]
    {
      let names = Set(short.map(\.name))
      var counts: [String: Int] = [:]
      for tensor in long {
        for dot in tensor.name.indices where tensor.name[dot] == "." {
          let rest = tensor.name.index(after: dot)
          if names.contains(String(tensor.name[rest...])) { counts[String(tensor.name[..<rest]), default: 0] += 1 }
        }
      }
      return counts.map { (CheckpointDifference.Prefix(text: $0.key, isOfFirst: isOfFirst), $0.value) }
    }
    let all = votes(a, b, isOfFirst: true) + votes(b, a, isOfFirst: false)
    return all.max { ($0.count, $1.prefix.text) < ($1.count, $0.prefix.text) }?.prefix
  }

  private static func removing(_ prefix: String, from name: String) -> String? {
    name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
  }

  /// What a tensor holds.
  private struct Content: Hashable {
    let type: StoredType
    let shape: [Int]
    let bytes: Data
  }

  /// Tensors that occur once in each list with the same content; single numbers may be equal by chance.
  private static func equals(_ a: [StoredTensor], _ b: [StoredTensor]) -> [(StoredTensor, StoredTensor)] {
    func unique(_ tensors: [StoredTensor]) -> [Content: StoredTensor] {
      let groups = Dictionary(grouping: tensors.filter { $0.count > 1 }) {
        Content(type: $0.type, shape: $0.shape, bytes: $0.bytes)
      }
      return groups.compactMapValues { $0.count == 1 ? $0[0] : nil }
    }
    guard !a.isEmpty, !b.isEmpty else { return [] }
    let others = unique(b)
    return unique(a).compactMap { content, tensor in others[content].map { (tensor, $0) } }
  }
}
