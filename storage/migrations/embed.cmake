# Embeds storage/migrations/NNNN_name.sql into qtable_storage as `embedded_migrations()`.
# Two lives: included by the top CMakeLists.txt it adds the rule; run by that rule (cmake -P) it writes the .cpp.
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  file(GLOB files ${FOLDER}/*.sql)
  list(SORT files)
  set(text "#include \"storage/migrations/migrator.hpp\"\n\nnamespace qtable::storage {\n\nnamespace {\n\n")
  set(entries "")
  set(last -1)
  foreach(file ${files})
    get_filename_component(stem ${file} NAME_WE)
    if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
      message(FATAL_ERROR "${file}: a migration is named NNNN_name.sql")
    endif()
    set(name ${CMAKE_MATCH_2})
    string(REGEX REPLACE "^0+([0-9])" "\\1" version ${CMAKE_MATCH_1})
    if(version EQUAL last)
      message(FATAL_ERROR "${file}: there are two migrations of number ${version}")
    endif()
    set(last ${version})
    file(SHA256 ${file} checksum)
    file(READ ${file} sql)
    string(APPEND text "constexpr char sql_${version}[] = R\"qtable_sql(${sql})qtable_sql\";\n")
    string(APPEND entries "    {${version}, \"${name}\", \"${checksum}\", {sql_${version}, sizeof sql_${version} - 1}},\n")
  endforeach()
  if(entries)
    string(APPEND text "\nconstexpr migration all[] = {\n${entries}};\n\n}  // namespace\n\n"
      "std::span<const migration> embedded_migrations() noexcept {\n    return all;\n}\n")
  else()
    string(APPEND text "}  // namespace\n\nstd::span<const migration> embedded_migrations() noexcept {\n    return {};\n}\n")
  endif()
  string(APPEND text "\n}  // namespace qtable::storage\n")
  file(WRITE ${OUTPUT} "${text}")
  return()
endif()

file(GLOB migration_files CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.sql)
set(embedded_migrations ${CMAKE_BINARY_DIR}/embedded_migrations.cpp)
list(LENGTH migration_files migration_count)  # a deleted file must also run the rule
add_custom_command(OUTPUT ${embedded_migrations}
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_CURRENT_LIST_DIR} -DOUTPUT=${embedded_migrations}
    -DCOUNT=${migration_count} -P ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
  DEPENDS ${migration_files} ${CMAKE_CURRENT_LIST_DIR}/embed.cmake
  COMMENT "Embedding the migrations" VERBATIM)
target_sources(qtable_storage PRIVATE ${embedded_migrations})
