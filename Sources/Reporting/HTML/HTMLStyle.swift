/// How a page looks: light, for reading, in any width and on paper.
enum HTMLStyle {
  static let page = """
    :root { color-scheme: light; }
    * { box-sizing: border-box; }
    body { margin: 0; color: #1f2328; background: #fff; font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto,
      "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif; }
    .page { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 2.5rem; max-width: 82rem; margin: 0 auto;
      padding: 1.5rem 2rem 4rem; }
    nav { position: sticky; top: 1.5rem; align-self: start; max-height: calc(100vh - 3rem); overflow: auto;
      font-size: .85rem; border-right: 1px solid #e3e3e3; padding-right: 1rem; }
    nav a { display: block; padding: .2rem 0; color: #444; text-decoration: none; }
    nav a:hover { color: #0173b2; }
    main { min-width: 0; }
    h1 { font-size: 1.8rem; line-height: 1.25; margin: 0 0 1rem; }
    h2 { font-size: 1.35rem; margin: 2.4rem 0 .8rem; padding-bottom: .3rem; border-bottom: 1px solid #e3e3e3; }
    h3, h4, h5, h6 { font-size: 1.08rem; margin: 1.6rem 0 .6rem; }
    p, ul { margin: .7rem 0; max-width: 75ch; }
    li { margin: .25rem 0; }
    a { color: #0067a0; }
    code { font: .88em ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; background: #f3f4f5;
      padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere; }
    pre { background: #f6f7f8; padding: .8rem 1rem; border-radius: 5px; overflow-x: auto; }
    pre code { background: none; padding: 0; overflow-wrap: normal; }
    details { border: 1px solid #dcdfe2; border-radius: 5px; padding: .5rem 1rem; margin: 1rem 0; }
    summary { cursor: pointer; font-weight: 600; }
    .caption { font-size: .95rem; margin-bottom: .4rem; }
    .table { overflow-x: auto; margin: .4rem 0 1.2rem; }
    table { border-collapse: collapse; font-size: .88rem; line-height: 1.4; }
    th, td { padding: .32rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid #e6e6e6; }
    th { border-bottom: 2px solid #b9bec4; vertical-align: bottom; }
    th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; }
    td.n { white-space: nowrap; }
    td:first-child:not(.n) { min-width: 8.5rem; }
    th.c, td.c { text-align: center; }
    tbody tr:hover { background: #f4f8fb; }
    th button { all: unset; cursor: pointer; font: inherit; }
    th button:focus-visible { outline: 2px solid #0173b2; }
    th button::after { content: "\\a0↕"; color: #9aa0a6; }
    th[aria-sort=ascending] button::after { content: "\\a0↑"; color: #0173b2; }
    th[aria-sort=descending] button::after { content: "\\a0↓"; color: #0173b2; }
    .filter { font-size: .85rem; margin: .2rem 0 .4rem; color: #555; }
    .filter input { font: inherit; padding: .2rem .5rem; border: 1px solid #b9bec4; border-radius: 4px; width: 16rem;
      max-width: 60vw; margin-right: .6rem; }
    figure { margin: 1.2rem 0 1.6rem; }
    figure.small { display: flex; flex-wrap: wrap; gap: 1rem 1.5rem; align-items: center; }
    figure.small .drawing { flex: 1 1 20rem; }
    figure.small figcaption { flex: 1 1 16rem; }
    figcaption { font-size: .95rem; max-width: 75ch; margin-top: .4rem; }
    .drawing svg { display: block; width: 100%; height: auto; }
    .drawing.narrow { display: none; }
    .drawing [data-values] { cursor: crosshair; }
    #tip { position: fixed; z-index: 9; pointer-events: none; white-space: pre-line; background: #1f2328; color: #fff;
      font-size: .82rem; line-height: 1.35; padding: .35rem .6rem; border-radius: 4px; max-width: 20rem; }
    @media screen and (max-width: 64rem) {
      .page { display: block; padding: 1rem 1.2rem 3rem; }
      nav { display: none; }
    }
    @media screen and (max-width: 40rem) {
      body { font-size: 15px; }
      h1 { font-size: 1.45rem; }
      .drawing.wide { display: none; }
      .drawing.narrow { display: block; }
      .drawing.moves { overflow-x: auto; }
      .drawing.moves svg { min-width: 42rem; }
      details { padding: .5rem .6rem; }
    }
    @page { margin: 15mm; }
    @media print {
      body { font-size: 10pt; }
      .page { display: block; max-width: none; padding: 0; }
      nav, .filter, #tip { display: none; }
      th button::after { content: none !important; }
      a { color: inherit; text-decoration: none; }
      details { border: none; padding: 0; }
      details:not([open])::details-content { content-visibility: visible; display: block; height: auto; }
      table { font-size: 7.5pt; width: 100%; }
      th, td { padding: .15rem .3rem; }
      td.n { white-space: normal; }
      td:first-child:not(.n) { min-width: 0; }
      .table { overflow: visible; }
      tr, figure { break-inside: avoid; }
      pre { white-space: pre-wrap; }
      thead { display: table-header-group; }
      h2, h3, .caption { break-after: avoid; }
      .drawing { max-width: 180mm !important; }
      figure.small .drawing { max-width: 85mm !important; }
    }

    """

  static let slide = """
    :root { color-scheme: light; }
    * { box-sizing: border-box; }
    html, body { margin: 0; height: 100%; background: #fff; overflow: hidden; }
    .slide { width: 1280px; height: 720px; padding: 34px 44px 26px; display: flex; flex-direction: column; gap: 18px;
      transform-origin: 0 0; color: #1f2328; font: 18px/1.35 system-ui, -apple-system, "Segoe UI", Roboto,
      "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif; }
    h1 { margin: 0; font-size: 34px; line-height: 1.25; font-weight: 600; max-height: 132px; overflow: hidden; }
    .content { flex: 1; min-height: 0; display: flex; gap: 28px; align-items: stretch; }
    .content.stacked { flex-direction: column; }
    .words { flex: 1 1 0; min-width: 0; min-height: 0; overflow: hidden; font-size: 22px; }
    .drawing { flex: 1.25 1 0; min-width: 0; min-height: 0; }
    .drawing svg { width: 100%; height: 100%; }
    table { border-collapse: collapse; width: 100%; font-size: 1em; line-height: 1.3; }
    th, td { padding: .3em .5em; text-align: left; border-bottom: 1px solid #dcdfe2; vertical-align: top; }
    th { border-bottom: 2px solid #8b9096; vertical-align: bottom; }
    th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; }
    td.n { white-space: nowrap; }
    th.c, td.c { text-align: center; }
    a { color: inherit; text-decoration: none; }
    code { font: .9em ui-monospace, "DejaVu Sans Mono", monospace; }
    footer { font-size: 15px; line-height: 1.35; color: #4d5156; max-height: 84px; overflow: hidden; }
    @page { size: 1280px 720px; margin: 0; }
    @media print { .slide { transform: none !important; } html, body { height: auto; } }

    """
}
