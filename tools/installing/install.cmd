@echo off
chcp 65001 >nul
setlocal EnableExtensions DisableDelayedExpansion
rem Installs mfauto for the person who starts this. No internet, no admin rights.
rem To take it away: delete the folder mfauto-program of your user folder.
title mfauto
set "PROGRAM=%USERPROFILE%\mfauto-program"
set "PYTHON=%PROGRAM%\Scripts\python.exe"
set "PYTHONUTF8=1"
pushd "%~dp0"
if errorlevel 1 goto lost
if not exist "wheels\" goto incomplete
if exist "%PYTHON%" goto install

rem 64 bits, and one of the versions that the wheels are for
set "TEST=import sys; sys.exit(sys.maxsize < 2**32 or sys.version_info[:2] not in ((3,11),(3,12),(3,13)))"
set "FOUND="
for %%V in (3.13 3.12 3.11) do call :try py -%%V
call :try python
if not defined FOUND goto nopython
echo Making a place for mfauto in "%PROGRAM%".
%FOUND% -m venv "%PROGRAM%"
if errorlevel 1 goto failed

:install
echo Installing. This takes about a minute.
"%PYTHON%" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels --require-hashes -r requirements.lock
if errorlevel 1 goto failed
"%PYTHON%" -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels --require-hashes --no-deps --force-reinstall -r mfauto.lock
if errorlevel 1 goto failed

rem so that "mfauto" can be typed anywhere: this folder is where Windows looks for programs
set "NAMES=%LOCALAPPDATA%\Microsoft\WindowsApps"
if exist "%NAMES%\" >"%NAMES%\mfauto.cmd" echo @"%%USERPROFILE%%\mfauto-program\Scripts\python.exe" -P -m mfauto %%*
"%PYTHON%" -P -m mfauto --version
if errorlevel 1 goto failed
popd

echo.
echo mfauto is installed. Next it makes a working folder: settings, templates, files to double-click.
set "FOLDER=%USERPROFILE%\Moving Forward"
echo Enter takes this folder: "%FOLDER%"
set /p "FOLDER=Or type another one: "
set "FOLDER=%FOLDER:"=%"
if "%FOLDER:~-1%"=="\" set "FOLDER=%FOLDER:~0,-1%"
"%PYTHON%" -P -m mfauto init "%FOLDER%"
pause
exit /b 0

:lost
echo This folder cannot be reached. Copy it to your computer and start install.cmd there.
goto end

:incomplete
echo The folder wheels is missing. Copy the whole folder, and start install.cmd in the copy.
goto end

:nopython
echo There is no Python 3.11, 3.12 or 3.13 of 64 bits on this computer.
echo Install one for yourself only, from your company's software catalogue or from python.org.
echo It needs no admin rights. Then start install.cmd again.
goto end

:try
rem takes this Python where none was found before, and it is one that will do
if defined FOUND exit /b 0
%* -c "%TEST%" >nul 2>nul
if not errorlevel 1 set "FOUND=%*"
exit /b 0

:failed
echo It could not be installed. The reason is named above.
goto end

:end
pause
exit /b 1
