/// What a page does: tables that sort and filter, values where a reader points, and folds that open for print.
enum HTMLScript {
  static let page = #"""
    (() => {
      'use strict';
      const number = text => {
        const found = text.replace(/[\u2009\u202f\u00a0 ]/g, '').replace(/\u2212/g, '-')
          .match(/[+-]?\d*\.?\d+(?:e[+-]?\d+)?/i);
        return found ? parseFloat(found[0]) : NaN;
      };
      const compare = (a, b, isNumber) => {
        if (!isNumber) return a.localeCompare(b, 'en', { numeric: true });
        const [x, y] = [number(a), number(b)];
        return isNaN(x) ? (isNaN(y) ? 0 : Infinity) : isNaN(y) ? -Infinity : x - y;
      };
      for (const table of document.querySelectorAll('table.sorts')) {
        const body = table.tBodies[0];
        const original = [...body.rows];
        const heads = [...table.tHead.rows[0].cells];
        heads.forEach((head, column) => {
          const button = document.createElement('button');
          button.append(...head.childNodes);
          head.append(button);
          button.addEventListener('click', () => {
            const now = head.getAttribute('aria-sort');
            const next = now === 'ascending' ? 'descending' : now === 'descending' ? null : 'ascending';
            heads.forEach(other => other.removeAttribute('aria-sort'));
            if (next) head.setAttribute('aria-sort', next);
            const isNumber = head.classList.contains('n');
            const text = row => row.cells[column].textContent;
            const rows = [...original];
            if (next) rows.sort((a, b) => {
              const order = compare(text(a), text(b), isNumber);
              return Math.abs(order) === Infinity ? order : next === 'ascending' ? order : -order;
            });
            body.append(...rows);
          });
        });
      }
      for (const table of document.querySelectorAll('table.filters')) {
        const rows = [...table.tBodies[0].rows];
        const line = document.createElement('div');
        line.className = 'filter';
        const input = document.createElement('input');
        input.type = 'search';
        input.placeholder = 'filter rows';
        input.setAttribute('aria-label', 'filter rows');
        const count = document.createElement('span');
        const show = () => {
          const words = input.value.toLowerCase().split(/\s+/).filter(word => word);
          let shown = 0;
          for (const row of rows) {
            const text = [...row.cells].map(cell => cell.textContent).join(' ').toLowerCase();
            row.hidden = !words.every(word => text.includes(word));
            if (!row.hidden) shown += 1;
          }
          count.textContent = shown === rows.length ? `${rows.length} rows` : `${shown} of ${rows.length} rows`;
        };
        input.addEventListener('input', show);
        line.append(input, count);
        table.parentElement.before(line);
        show();
      }

      const tip = document.createElement('div');
      tip.id = 'tip';
      tip.hidden = true;
      document.body.append(tip);
      const cell = (image, event) => {
        const box = image.getBoundingClientRect();
        const values = image.dataset.values.split(',');
        const width = Number(image.dataset.width);
        const height = values.length / width;
        const column = Math.min(width - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * width)));
        const row = Math.min(height - 1, Math.max(0, Math.floor((event.clientY - box.top) / box.height * height)));
        const name = (list, place, kind) => list ? list.split('\n')[place] : `${kind} ${place + 1}`;
        const value = values[row * width + column];
        return [name(image.dataset.rows, row, 'row'), name(image.dataset.columns, column, 'column'),
          `${image.dataset.quantity}: ${value === '' ? 'not known' : value}`].join('\n');
      };
      const note = (target, event) => {
        if (target.matches('[data-values]')) return cell(target, event);
        // Taken out of the drawing, the browser does not show it a second time.
        const title = target.querySelector(':scope > title');
        if (title) {
          target.dataset.note = title.textContent;
          title.remove();
        }
        return target.dataset.note;
      };
      document.addEventListener('pointermove', event => {
        const target = event.target instanceof Element ? event.target.closest('.drawing [data-values], .drawing g') : null;
        let noted = target;
        while (noted && !noted.matches('[data-values], [data-note]') && !noted.querySelector(':scope > title')) {
          noted = noted.parentElement ? noted.parentElement.closest('.drawing g') : null;
        }
        tip.hidden = !noted;
        if (!noted) return;
        tip.textContent = note(noted, event);
        const { offsetWidth: width, offsetHeight: height } = tip;
        tip.style.left = Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 4)) + 'px';
        tip.style.top = (event.clientY + 18 + height > innerHeight ? event.clientY - height - 10 : event.clientY + 18) + 'px';
      });

      let folded = [];
      addEventListener('beforeprint', () => {
        folded = [...document.querySelectorAll('details:not([open])')];
        for (const one of folded) one.open = true;
      });
      addEventListener('afterprint', () => {
        for (const one of folded) one.open = false;
      });
    })();

    """#

  /// Fits a slide into the window, and its words into their room.
  static let slide = #"""
    (() => {
      'use strict';
      const slide = document.querySelector('.slide');
      const shrink = (element, least) => {
        let size = parseFloat(getComputedStyle(element).fontSize);
        const isTooLarge = () => element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1;
        while (size > least && isTooLarge()) {
          size -= 0.5;
          element.style.fontSize = size + 'px';
        }
      };
      for (const [place, least] of [['h1', 16], ['footer', 10], ['.words', 9]]) {
        const element = document.querySelector(place);
        if (element) shrink(element, least);
      }
      const fit = () => {
        const scale = Math.min(innerWidth / 1280, innerHeight / 720);
        const [x, y] = [(innerWidth - 1280 * scale) / 2, (innerHeight - 720 * scale) / 2];
        slide.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
      };
      addEventListener('resize', fit);
      fit();
    })();

    """#
}
