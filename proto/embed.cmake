# Turns the API documents and the page that shows them into C++ at configure time, so that the program carries them.
# A change of one configures the build again.
foreach(document openapi.json asyncapi.json docs/page.html docs/page.css docs/page.js)
  set(source ${CMAKE_CURRENT_LIST_DIR}/${document})
  file(READ ${source} DOCUMENT_TEXT)
  set(DOCUMENT_FILE ${document})
  string(REGEX REPLACE "\\.json$" "" DOCUMENT_NAME ${document})
  string(REGEX REPLACE "[/.]" "_" DOCUMENT_NAME ${DOCUMENT_NAME})
  configure_file(${CMAKE_CURRENT_LIST_DIR}/document.cpp.in ${CMAKE_BINARY_DIR}/generated/${DOCUMENT_NAME}.cpp @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  target_sources(qtable_proto PRIVATE ${CMAKE_BINARY_DIR}/generated/${DOCUMENT_NAME}.cpp)
endforeach()
