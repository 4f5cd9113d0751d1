extension Gallery {
  /// The gallery in several ones below each other, groups of columns kept together, for a figure that is too narrow for all
  /// of them side by side.
  ///
  /// - Parameter most: columns of a band, unless a group has more.
  /// - Returns: from the first to the last column, all with the rows' titles and the colours of the whole; the gallery itself
  ///   where there is nothing to part.
  package func bands(ofAtMost most: Int) -> [Gallery] {
    var spans: [(groups: [ColumnGroup], columns: Range<Int>)] = []
    for group in columnGroups {
      let start = spans.last?.columns.upperBound ?? 0
      if let last = spans.last, last.columns.count + group.count <= most {
        spans[spans.count - 1] = (last.groups + [group], last.columns.lowerBound..<start + group.count)
      } else {
        spans.append(([group], start..<start + group.count))
      }
    }
    guard spans.count > 1 else { return [self] }
    let numbers = cells.joined().flatMap(\.numbers)
    let range = numbers.isEmpty ? heatRange : ColourBar.range(heatRange, numbers, .viridis)
    return spans.enumerated().map { place, span in
      var band = Gallery(
        title: place == 0 ? title : nil, columnTitles: columnTitles.isEmpty ? [] : Array(columnTitles[span.columns]),
        rowTitles: rowTitles, columnGroups: span.groups, cells: cells.map { Array($0[span.columns]) },
        heatRange: range, colourBarLabel: colourBarLabel, captions: captions?.map { Array($0[span.columns]) })
      // The legend is the whole figure's.
      band.keys = place == 0 ? keys : nil
      return band
    }
  }
}
