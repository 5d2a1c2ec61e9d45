/*
 * version.h - the version in the drivers' file properties. Read by the resource compiler.
 */
#ifndef RINGVIEW_VERSION_H
#define RINGVIEW_VERSION_H

#define RV_FILE_VERSION 0, 1, 0, 0
#define RV_FILE_VERSION_TEXT "0.1.0.0"

#endif
