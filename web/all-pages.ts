import { accessPage } from './access/access-page.ts';
import { cataloguePage } from './catalogue/catalogue-page.ts';
import { requestPage } from './catalogue/request-page.ts';
import { resourcePage } from './catalogue/resource-page.ts';
import { dashboardPages } from './dashboard/page.ts';
import { ownerPage } from './owner/owner-page.ts';
import { supervisorPage } from './supervisor/supervisor-page.ts';
import type { Page } from './visit.ts';

/** Every page, in the order of the navigation. @param home code of the division that the dashboard begins with. */
export function allPages(home: string): readonly Page[] {
  return [
    ...dashboardPages({ home }),
    ...[cataloguePage, resourcePage, requestPage],
    ...[accessPage, ownerPage, supervisorPage],
  ];
}
