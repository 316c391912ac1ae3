# Turns the API documents (openapi.json, asyncapi.json) into C++ at configure time, so that the program carries them.
# A change of a document configures the build again.
foreach(document openapi asyncapi)
  set(source ${CMAKE_CURRENT_LIST_DIR}/${document}.json)
  file(READ ${source} DOCUMENT_TEXT)
  set(DOCUMENT_NAME ${document})
  configure_file(${CMAKE_CURRENT_LIST_DIR}/document.cpp.in ${CMAKE_BINARY_DIR}/generated/${document}.cpp @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  target_sources(qtable_proto PRIVATE ${CMAKE_BINARY_DIR}/generated/${document}.cpp)
endforeach()
